import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { run } from "./command.ts"

/** Packs every published package. Returns the path of each tarball by package name. */
export async function packAll(root: string, folder: string): Promise<Map<string, string>> {
  const packages = join(root, "packages")
  const tarballs = await Promise.all(
    (await readdir(packages)).map(async (name): Promise<[string, string][]> => {
      const source = join(packages, name)
      const manifest = JSON.parse(await readFile(join(source, "package.json"), "utf8"))
      return manifest.private === true ? [] : [[manifest.name, await pack(source, folder)]]
    }),
  )
  return new Map(tarballs.flat())
}

async function pack(source: string, folder: string): Promise<string> {
  const printed = await run(source, "pnpm", "pack", "--json", "--pack-destination", folder)
  const { filename } = JSON.parse(printed.slice(printed.indexOf("{"), printed.lastIndexOf("}") + 1))
  // Only pnpm resolves these, and only in this repository.
  const manifest = await run(folder, "tar", "-xzOf", filename, "package/package.json")
  const foreign = /"[^"]+": "(?:workspace|catalog):[^"]*"|@singlesink\/source/.exec(manifest)
  if (foreign !== null) throw new Error(`The package.json of ${filename} must not contain ${foreign[0]}.`)
  return filename
}
