import { build } from "tsdown"
// @boundaries-ignore the build of every package is configured in one file at the root
import { jitsuBundle } from "../../../tsdown.config.ts"

/** Bundles the Jitsu function into a single file, from the sources of the package in `cwd`. */
export async function bundleInMemory(cwd: string): Promise<string> {
  const outputs = await build({ ...jitsuBundle, cwd, config: false, write: false, logLevel: "silent" })
  const [code, ...others] = outputs.flatMap(({ chunks }) =>
    chunks.flatMap(chunk => ("code" in chunk ? chunk.code : [])),
  )
  if (code === undefined || others.length > 0) throw new Error("The bundle is not one file.")
  return code
}
