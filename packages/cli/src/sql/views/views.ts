import type { Context } from "../../context.ts"
import { withDatabase } from "../../database.ts"
import { CommandError, type ExitCode } from "../../exit.ts"
import { toCreateTable } from "../../table/create.ts"
import { type ApplyFlags, applyStatements } from "../apply.ts"
import { printStatements } from "../statements.ts"
import { readCatalog } from "./catalog.ts"
import { readViewFlags, type ViewFlags } from "./flags.ts"
import { planViews } from "./plan.ts"
import { toSource } from "./source.ts"

export type { ViewFlags } from "./flags.ts"

/** Prints views of the table with types that are inferred from its rows, and creates them with `--apply`. */
export async function printViews(context: Context, flags: ViewFlags & ApplyFlags): Promise<ExitCode> {
  const { settings, output } = context
  toCreateTable(settings)
  const source = toSource(settings)
  const { prefix, range } = readViewFlags(flags)
  if (range.since !== undefined && source.time === undefined) {
    throw new CommandError('--since needs a column with role: "time" in --columns.')
  }
  return withDatabase(settings, async ({ api }) => {
    const plan = await planViews(api, source, await readCatalog(api), prefix, range)
    const { notes, statements, replaced } = plan
    if (flags.apply !== true) return printStatements(output, { notes, statements })
    const views = statements.length / 2
    const question = `Create ${views} ${views === 1 ? "view" : "views"} in ${settings.database}${replaced.length === 0 ? "" : `, and replace those that exist: ${replaced.join(", ")}`}?`
    return applyStatements(context, api, { notes, statements }, question, flags)
  })
}
