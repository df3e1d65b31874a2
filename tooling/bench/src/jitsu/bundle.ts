import { readFileSync } from "node:fs"
import { createRequire } from "node:module"

/** The function as it is built and as Jitsu stores it: one file. */
export function readBundle(): string {
  const { resolve } = createRequire(import.meta.url)
  return readFileSync(resolve("@singlesink/jitsu/bundle"), "utf8")
}
