import { isSinkError } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import type { Context } from "../context.ts"
import { CommandError, type ExitCode, exitCodes } from "../exit.ts"
import { checkCanAsk, confirm } from "../output/confirm.ts"
import { type Statements, toScript } from "./statements.ts"

export interface ApplyFlags {
  readonly apply?: boolean
  readonly yes?: boolean
}

/** Prints the statements, asks, and runs them one after the other. */
export async function applyStatements(
  { terminal, output }: Context,
  api: DataApi,
  { notes, statements }: Statements,
  question: string,
  { yes = false }: ApplyFlags,
): Promise<ExitCode> {
  checkCanAsk(terminal, yes)
  output.print(toScript({ notes, statements }))
  if (!(await confirm(terminal, question, yes))) {
    output.note("Nothing was changed.")
    return exitCodes.incomplete
  }
  for (const [index, sql] of statements.entries()) await run(api, sql, index, statements.length)
  output.note(`${count(statements.length)} done.`)
  output.printJson({ statements, notes, applied: true })
  return exitCodes.ok
}

async function run(api: DataApi, sql: string, index: number, total: number): Promise<void> {
  try {
    await api.exec(sql)
  } catch (error) {
    if (!isSinkError(error)) throw error
    const message = `Statement ${index + 1} of ${total} failed, and those before it are done: ${sql.split("\n")[0]} … ${error.message}`
    throw new CommandError(message, error.name === "ConfigError" ? exitCodes.usage : exitCodes.incomplete)
  }
}

const count = (statements: number) => `${statements} ${statements === 1 ? "statement" : "statements"}`
