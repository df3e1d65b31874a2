import { isSinkError } from "@singlesink/core"
import { CommanderError } from "commander"
import { CommandError, type ExitCode, exitCodes } from "./exit.ts"
import { createOutput } from "./output/output.ts"
import { createProgram } from "./program.ts"
import type { Terminal } from "./terminal.ts"

/**
 * Runs the command line and returns its exit code. Never throws: an error is printed as one message on the error output.
 *
 * @example
 * process.exitCode = await run(["check", "--emulator"], process)
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const output = createOutput(terminal, { json: args.includes("--json") })
  let exitCode: ExitCode = exitCodes.ok
  const program = createProgram(terminal, output, code => {
    exitCode = code
  })
  try {
    await program.parseAsync(args, { from: "user" })
    return exitCode
  } catch (error) {
    // Commander has printed its message, or the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    const { message, code } = describe(error)
    output.fail(message, { ...(isSinkError(error) && { code: error.code }) })
    if (isSinkError(error)) output.note(`Run \`singlesink explain ${error.code}\` for more.`)
    return code
  }
}

function describe(error: unknown): { message: string; code: ExitCode } {
  if (error instanceof CommandError) return { message: error.message, code: error.exitCode }
  if (isSinkError(error)) {
    const code = error.name === "ConfigError" ? exitCodes.usage : exitCodes.incomplete
    return { message: error.message, code }
  }
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { message: `Unexpected error: ${reason}`, code: exitCodes.incomplete }
}
