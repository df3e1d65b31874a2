import { accessSync, constants, readdirSync, type Stats, statSync } from "node:fs"
import { join } from "node:path"
import { CommandError } from "../exit.ts"

/** A file to read, or stdin. */
export interface InputFile {
  /** As the user wrote it, or below the folder that the user wrote; `-` for stdin. */
  readonly path: string
  /** In bytes, as it is on the disk. 0 for stdin. */
  readonly size: number
}

export const stdinPath = "-"

/** The files that are read in folders. Archives of Segment have no extension but `.gz`. */
const eventFile = /\.(ndjson|jsonl|json|csv|tsv|log)(\.(gz|zst))?$|\.(gz|zst)$/i

/**
 * Finds the files of the paths: a folder stands for the event files in it, sorted by their paths.
 *
 * @throws CommandError with every path that cannot be read
 */
export function findFiles(paths: readonly string[]): InputFile[] {
  const mistakes: string[] = []
  const files = paths.flatMap(path => {
    if (path === stdinPath) return [{ path, size: 0 }]
    try {
      const found = findPath(path)
      if (found.length === 0)
        mistakes.push(`The folder ${path} contains no event files (.ndjson, .jsonl, .json, .csv, .gz, .zst).`)
      return found
    } catch (error) {
      mistakes.push(describe(path, error as NodeJS.ErrnoException))
      return []
    }
  })
  if (mistakes.length > 0) throw new CommandError(mistakes.join("\n"))
  const isEmpty = files.every(({ path, size }) => size === 0 && path !== stdinPath)
  if (isEmpty)
    throw new CommandError(`${files.length === 1 ? `The file ${files[0]?.path} is` : "All files are"} empty.`)
  return files
}

function findPath(path: string): InputFile[] {
  const stats = statSync(path)
  if (stats.isDirectory()) {
    return readdirSync(path, { withFileTypes: true })
      .filter(entry => !entry.name.startsWith("."))
      .map(entry => entry.name)
      .sort()
      .flatMap(name => findInFolder(join(path, name)))
  }
  accessSync(path, constants.R_OK)
  return [toFile(path, stats)]
}

function findInFolder(path: string): InputFile[] {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory() === true) return findPath(path)
  return stats?.isFile() === true && eventFile.test(path) ? findPath(path) : []
}

const toFile = (path: string, { size }: Stats): InputFile => ({ path, size })

function describe(path: string, { code }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return `The file ${path} does not exist.`
  if (code === "EACCES" || code === "EPERM") return `The file ${path} cannot be read: permission denied.`
  return `The file ${path} cannot be read (${code}).`
}
