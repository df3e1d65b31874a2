import { spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { startEmulator } from "@singlesink/emulator"
import { run } from "../packed/command.ts"
import { copyProject } from "../packed/project.ts"
import { step } from "../packed/step.ts"
import { packAll } from "../packed/tarballs.ts"
import { type Example, examples } from "./examples.ts"

// Relative to dist, which contains the built command.
const root = fileURLToPath(new URL("../../..", import.meta.url))

const folder = await mkdtemp(join(tmpdir(), "singlesink-"))
try {
  const tarballs = await packAll(root, folder)
  for (const example of examples) await step(() => runExample(example, tarballs), toLine(example))
} catch (error) {
  console.error(`FAILED  ${(error as Error).message}`)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

function toLine({ name }: Example): (result: string) => string {
  return result => `examples/${name}: npm install, npm start: ${result}`
}

async function runExample(example: Example, tarballs: ReadonlyMap<string, string>): Promise<string> {
  const project = join(folder, example.name)
  await copyProject(join(root, "examples", example.name), project, tarballs)
  await run(project, "npm", "install", "--no-audit", "--no-fund")
  await using emulator = await startEmulator({
    username: "root",
    password: "a-password",
    databases: ["events"],
  })
  const variables = {
    SINGLESTORE_URL: emulator.url,
    SINGLESTORE_USERNAME: "root",
    SINGLESTORE_PASSWORD: "a-password",
    SINGLESTORE_DATABASE: "events",
  }
  return example.check(await start(project, variables, example.input ?? ""), emulator)
}

/** Runs `npm start`. @throws Error with the output if it fails */
function start(project: string, variables: Record<string, string>, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["start", "--silent"], { cwd: project, env: { ...process.env, ...variables } })
    let printed = ""
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", text => {
        printed += text
      })
    }
    child.on("error", reject)
    child.on("close", code => {
      if (code === 0) resolve(printed)
      else reject(new Error(`npm start in ${project} ended with ${code}:\n${printed}`))
    })
    child.stdin.end(input)
  })
}
