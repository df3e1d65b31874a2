import type { Context } from "../context.ts"
import { withDatabase } from "../database.ts"
import type { ExitCode } from "../exit.ts"
import { toCreateTable } from "../table/create.ts"
import { type ApplyFlags, applyStatements } from "./apply.ts"
import { printStatements } from "./statements.ts"

/** Prints the statement that creates the table, and runs it with `--apply`. */
export async function printTable(context: Context, flags: ApplyFlags): Promise<ExitCode> {
  const { settings, output } = context
  const statements = {
    notes: [
      "IF NOT EXISTS leaves an existing table as it is. `singlesink check` compares its columns and keys.",
    ],
    statements: [toCreateTable(settings)],
  }
  if (flags.apply !== true) return printStatements(output, statements)
  const question = `Create the table ${settings.table} in ${settings.database}?`
  return withDatabase(settings, ({ api }) => applyStatements(context, api, statements, question, flags))
}
