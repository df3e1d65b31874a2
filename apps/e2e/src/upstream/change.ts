import { cp, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"

/** What a pull request changes besides the files that it adds. Paths are relative to the checkout. */
interface Change {
  readonly repository: string
  /** Folders that are deleted first. */
  readonly replaces: readonly string[]
  /** The package that each package.json gets as a dependency. */
  readonly dependencies: Readonly<Record<string, string>>
  /** Lines that are inserted after a line. */
  readonly edits: readonly {
    readonly file: string
    readonly after: string
    readonly insert: readonly string[]
  }[]
}

/**
 * Makes a pull request's changes in a checkout.
 *
 * @param source the folder with `change.json` and `files`
 * @param versions the version of each of our packages
 * @throws Error if the checkout has no place for a change
 */
export async function applyChange(
  source: string,
  checkout: string,
  versions: ReadonlyMap<string, string>,
): Promise<void> {
  const change = JSON.parse(await readFile(join(source, "change.json"), "utf8")) as Change
  // Everything is read before anything is written, so that a checkout is changed completely or not at all.
  const texts = new Map<string, string>()
  const read = async (file: string): Promise<string> => {
    const text = texts.get(file) ?? (await readHostFile(checkout, file, change.repository))
    texts.set(file, text)
    return text
  }
  for (const { file, after, insert } of change.edits)
    texts.set(file, insertAfter(file, await read(file), after, insert))
  for (const [file, name] of Object.entries(change.dependencies)) {
    const version = versions.get(name)
    if (version === undefined) throw new Error(`${name} is not a package of this repository.`)
    texts.set(file, addDependency(await read(file), name, version))
  }
  for (const folder of change.replaces) await rm(join(checkout, folder), { recursive: true, force: true })
  await cp(join(source, "files"), checkout, { recursive: true })
  for (const [file, text] of texts) await writeFile(join(checkout, file), text)
}

async function readHostFile(checkout: string, file: string, repository: string): Promise<string> {
  try {
    return await readFile(join(checkout, file), "utf8")
  } catch {
    throw new Error(`${join(checkout, file)} does not exist. The folder must be a checkout of ${repository}.`)
  }
}

function insertAfter(file: string, text: string, after: string, insert: readonly string[]): string {
  const lines = text.split("\n")
  const index = lines.indexOf(after)
  if (index === -1)
    throw new Error(`${file} does not contain this line any more: ${after.trim()}\nCorrect change.json.`)
  if (text.includes(insert.join("\n"))) throw new Error(`${file} has been changed already.`)
  return [...lines.slice(0, index + 1), ...insert, ...lines.slice(index + 1)].join("\n")
}

function addDependency(text: string, name: string, version: string): string {
  const manifest = JSON.parse(text)
  const dependencies = Object.entries({ ...manifest.dependencies, [name]: `^${version}` })
  manifest.dependencies = Object.fromEntries(dependencies.sort(([a], [b]) => (a < b ? -1 : 1)))
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}
