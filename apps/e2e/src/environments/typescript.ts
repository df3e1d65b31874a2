import { copyFile } from "node:fs/promises"
import { join } from "node:path"
import { step } from "../packed/step.ts"
import { type Environment, runLine } from "./project.ts"

const versions = ["5.0", "5.4", "5.9", "6.0"]

/** A program of each kind, and how its imports are resolved. */
const resolutions = [
  "types.ts --module commonjs --moduleResolution node",
  "types.mts --module nodenext --moduleResolution nodenext",
  "types.cts --module nodenext --moduleResolution nodenext",
  "types.ts --module esnext --moduleResolution bundler",
]

// The types of undici and of Node may need a newer TypeScript than ours do.
const options = "--strict --noEmit --target es2022 --lib es2022 --types node --skipLibCheck"

/** @param project a project that npm has installed */
export async function checkTypescript(environment: Environment, project: string): Promise<void> {
  await runLine(environment, project, "npm install --no-audit --no-fund @types/node@20")
  for (const copy of ["types.mts", "types.cts"])
    await copyFile(join(project, "types.ts"), join(project, copy))
  for (const version of versions) {
    await step(
      async () => {
        for (const resolution of resolutions) {
          // 6.0 warns that "node" is going away.
          const more = version === "6.0" ? " --ignoreDeprecations 6.0" : ""
          const tsc = `npx -y -p typescript@${version} tsc`
          await runLine(environment, project, `${tsc} ${resolution} ${options}${more}`)
        }
      },
      () => `TypeScript ${version}: types resolve by node, nodenext (import and require) and bundler`,
    )
  }
}
