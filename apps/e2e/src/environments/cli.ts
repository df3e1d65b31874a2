import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { startEmulator } from "@singlesink/emulator"
import { step } from "../packed/step.ts"
import { packAll } from "../packed/tarballs.ts"
import { checkBundlers } from "./bundlers.ts"
import { checkNpm, checkOtherManagers } from "./package-managers.ts"
import type { Environment } from "./project.ts"
import { compareTable, writeTable } from "./size-table.ts"
import { measureSizes } from "./sizes.ts"
import { checkTestRunners } from "./test-runners.ts"
import { checkTypescript } from "./typescript.ts"

// Relative to dist, which contains the built command.
const root = fileURLToPath(new URL("../../..", import.meta.url))
const programs = fileURLToPath(new URL("../src/environments/programs", import.meta.url))

const sizesPage = join(root, "docs/sizes.md")

const folder = await mkdtemp(join(tmpdir(), "singlesink-"))
try {
  await using emulator = await startEmulator()
  const environment = { folder, tarballs: await packAll(root, folder), url: emulator.url, programs }
  if (process.argv.includes("--write-sizes")) await writeSizes(environment)
  else await checkAll(environment)
} catch (error) {
  console.error(`FAILED  ${(error as Error).message}`)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function checkAll(environment: Environment): Promise<void> {
  const project = await checkNpm(environment)
  await checkOtherManagers(environment)
  await checkTypescript(environment, project)
  await checkBundlers(environment, project)
  await checkTestRunners(environment, project)
  await step(
    async () => {
      const differences = compareTable(await readFile(sizesPage, "utf8"), await measureSizes(environment))
      if (differences.length > 0)
        throw new Error(`docs/sizes.md is wrong. Run pnpm sizes.\n${differences.join("\n")}`)
    },
    () => "docs/sizes.md agrees with what npm installs",
  )
}

async function writeSizes(environment: Environment): Promise<void> {
  await writeFile(sizesPage, writeTable(await readFile(sizesPage, "utf8"), await measureSizes(environment)))
}
