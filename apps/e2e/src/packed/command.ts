import { execFile } from "node:child_process"
import { promisify } from "node:util"

const execute = promisify(execFile)

/** Runs a command in a folder and returns its output. @throws Error with the output if the command fails */
export async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  try {
    const { stdout, stderr } = await execute(command, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 })
    return stdout + stderr
  } catch (error) {
    const { message, stdout = "", stderr = "" } = error as Error & { stdout?: string; stderr?: string }
    const printed = `${stdout}${stderr}`.trim()
    throw new Error(`${[command, ...args].join(" ")}\n${printed === "" ? message : printed}`)
  }
}
