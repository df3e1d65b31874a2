import { writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import { run } from "../packed/command.ts"

const typescript = createRequire(import.meta.url).resolve("typescript/bin/tsc")

/** Three lines that use every public type. */
const program = `import destination, { config, createFunction, type JitsuSettings } from "@singlesink/jitsu"
const settings: JitsuSettings = { host: config.slug, columns: [{ name: "id", type: "TEXT", from: "messageId" }] }
export const functions: (typeof destination)[] = [destination, createFunction(settings)]
`

/** The module resolutions of TypeScript, with a file for each. */
const resolutions: [string, string, ...string[]][] = [
  // The setting of jitsu-cli. TypeScript 6 accepts it only with ignoreDeprecations.
  ["node10", "node10.ts", "--module", "esnext", "--ignoreDeprecations", "6.0"],
  ["node16", "node16.mts", "--module", "node16"],
  ["node16", "node16.cts", "--module", "node16"],
  ["bundler", "bundler.ts", "--module", "esnext"],
]

/** Compiles the program under each resolution, with the ECMAScript library only. @throws Error with the problems */
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
