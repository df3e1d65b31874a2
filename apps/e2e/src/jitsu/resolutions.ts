import { writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import { run } from "./command.ts"

const typescript = createRequire(import.meta.url).resolve("typescript/bin/tsc")

/** Three lines that need every type which a user meets. */
const program = `import destination, { config, createFunction, type JitsuSettings } from "@singlesink/jitsu"
const settings: JitsuSettings = { host: config.slug, columns: [{ name: "id", type: "TEXT", from: "messageId" }] }
export const functions: (typeof destination)[] = [destination, createFunction(settings)]
`

/** The ways in which TypeScript finds the types of a package, and a file for each. */
const resolutions: [string, string, ...string[]][] = [
  // What jitsu-cli asks for. TypeScript 6 wants to be told that one knows its age.
  ["node10", "node10.ts", "--module", "esnext", "--ignoreDeprecations", "6.0"],
  ["node16", "node16.mts", "--module", "node16"],
  ["node16", "node16.cts", "--module", "node16"],
  ["bundler", "bundler.ts", "--module", "esnext"],
]

/** Compiles a user's file in each way, with nothing around it but ECMAScript. @throws Error with what is wrong */
export async function checkResolutions(folder: string): Promise<string> {
  await Promise.all(
    resolutions.map(async ([resolution, file, ...options]) => {
      await writeFile(join(folder, file), program)
      const strictly = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022"]
      const how = ["--moduleResolution", resolution, ...options]
      await run(folder, process.execPath, typescript, file, ...strictly, ...how)
    }),
  )
  return [...new Set(resolutions.map(([resolution]) => resolution))].join(", ")
}
