import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { run } from "../packed/command.ts"
import { copyProject } from "../packed/project.ts"
import { step } from "../packed/step.ts"
import { packAll } from "../packed/tarballs.ts"
import { findStatement } from "./example.ts"
import { build, installAlone, runTests } from "./project.ts"
import { checkResolutions } from "./resolutions.ts"
import { storeOneEvent } from "./round-trip.ts"

// Relative to dist, which contains the built command.
const root = fileURLToPath(new URL("../../..", import.meta.url))

async function installAsUsersDo(folder: string): Promise<void> {
  const tarballs = await step(
    () => packAll(root, folder),
    ({ size }) => `${size} packages packed`,
  )
  const tarball = tarballs.get("@singlesink/jitsu") ?? ""

  const alone = join(folder, "alone")
  await mkdir(alone)
  await step(
    () => installAlone(alone, tarball),
    () => "npm install @singlesink/jitsu installs no other package",
  )
  await step(
    () => checkResolutions(alone),
    resolutions => `its types resolve under ${resolutions}`,
  )

  const project = join(folder, "project")
  await copyProject(join(root, "examples/jitsu"), project, tarballs)
  await step(
    () => run(project, "npm", "install", "--no-audit", "--no-fund"),
    () => "npm install of examples/jitsu",
  )
  const code = await step(
    () => build(project),
    ({ length }) => `npx jitsu-cli build: ${length.toLocaleString("en")} bytes`,
  )
  await step(
    () => runTests(project),
    passed => `npx jitsu-cli test: ${passed} passed`,
  )
  const createTable = findStatement(await readFile(join(project, "README.md"), "utf8"))
  await step(
    () => storeOneEvent(code, createTable),
    () => "the built function runs in a bare context, and its row is in the table once",
  )
}

const folder = await mkdtemp(join(tmpdir(), "singlesink-"))
try {
  await installAsUsersDo(folder)
} catch (error) {
  console.error(`FAILED  ${(error as Error).message}`)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
