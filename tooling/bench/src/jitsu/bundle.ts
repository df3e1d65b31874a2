import { readFileSync } from "node:fs"
import { createRequire } from "node:module"

/** Reads the built function, the single file that Jitsu stores. */
export function readBundle(): string {
  const { resolve } = createRequire(import.meta.url)
  return readFileSync(resolve("@singlesink/jitsu/bundle"), "utf8")
}
