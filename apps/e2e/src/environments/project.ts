import assert from "node:assert/strict"
import { cp, mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { run } from "../packed/command.ts"

/** The packed packages, a folder for projects that use them, and a server. */
export interface Environment {
  readonly folder: string
  readonly tarballs: ReadonlyMap<string, string>
  /** The URL of an emulator. */
  readonly url: string
  /** The folder of the programs that each project runs. */
  readonly programs: string
}

/** Creates an empty project with the programs. Returns its folder. */
export async function createProject(
  { folder, programs }: Environment,
  name: string,
  manifest: object = { private: true },
): Promise<string> {
  const project = join(folder, name)
  await mkdir(project)
  await cp(programs, project, { recursive: true })
  await writeFile(join(project, "package.json"), JSON.stringify(manifest))
  return project
}

/** Runs a command line in a folder. Its parts have no spaces. Returns its output. */
export function runLine({ url }: Environment, folder: string, line: string): Promise<string> {
  return run(folder, "env", `URL=${url}`, ...line.split(" "))
}

/** Runs a command line that must print a text. */
export async function expectOutput(
  environment: Environment,
  folder: string,
  line: string,
  expected: string | RegExp,
): Promise<void> {
  const output = await runLine(environment, folder, line)
  const matches = typeof expected === "string" ? output.includes(expected) : expected.test(output)
  assert.ok(matches, `${line} printed:\n${output}`)
}

/** Runs one of the two programs, which store one event and reject another. */
export function expectEvent(environment: Environment, folder: string, line: string): Promise<void> {
  return expectOutput(environment, folder, line, "rows 1, invalid_timestamp")
}
