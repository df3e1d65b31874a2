import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { startEmulator } from "@singlesink/emulator"
import { packAll } from "../packed/tarballs.ts"
import { checkBundlers } from "./bundlers.ts"
import { checkNpm, checkOtherManagers } from "./package-managers.ts"
import { checkTestRunners } from "./test-runners.ts"
import { checkTypescript } from "./typescript.ts"

// Relative to dist, which contains the built command.
const root = fileURLToPath(new URL("../../..", import.meta.url))
const programs = fileURLToPath(new URL("../src/environments/programs", import.meta.url))

const folder = await mkdtemp(join(tmpdir(), "singlesink-"))
try {
  await using emulator = await startEmulator()
  const environment = { folder, tarballs: await packAll(root, folder), url: emulator.url, programs }
  const project = await checkNpm(environment)
  await checkOtherManagers(environment)
  await checkTypescript(environment, project)
  await checkBundlers(environment, project)
  await checkTestRunners(environment, project)
} catch (error) {
  console.error(`FAILED  ${(error as Error).message}`)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
