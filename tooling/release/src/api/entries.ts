import { readdirSync, readFileSync } from "node:fs"

/** A path that users import, and its types. */
export interface Entry {
  /** The folder of the package in `packages`. */
  readonly folder: string
  /** Such as `index` or `undici`. */
  readonly name: string
  /** The file of its types, from the folder of the package. */
  readonly types: string
}

interface Conditions {
  readonly types?: string
  readonly import?: { readonly types: string }
}

/** @param root the root of the repository, with a slash at its end */
export function findEntries(root: string): Entry[] {
  return readdirSync(`${root}packages`).flatMap(folder => {
    const { exports = {} } = JSON.parse(readFileSync(`${root}packages/${folder}/package.json`, "utf8")) as {
      exports?: Record<string, string | Conditions>
    }
    return Object.entries(exports).flatMap(([path, conditions]) => {
      if (typeof conditions === "string") return []
      const types = conditions.types ?? conditions.import?.types
      return types === undefined ? [] : [{ folder, name: path === "." ? "index" : path.slice(2), types }]
    })
  })
}
