import { build } from "tsdown"
// @boundaries-ignore how packages are built is told in one file at the root
import { jitsuBundle } from "../../../tsdown.config.ts"

/** The code of the Jitsu function as a single file, made from the sources of the package in `cwd`. */
export async function bundleInMemory(cwd: string): Promise<string> {
  const outputs = await build({ ...jitsuBundle, cwd, config: false, write: false, logLevel: "silent" })
  const [code, ...others] = outputs.flatMap(({ chunks }) =>
    chunks.flatMap(chunk => ("code" in chunk ? chunk.code : [])),
  )
  if (code === undefined || others.length > 0) throw new Error("the bundle is not one file")
  return code
}
