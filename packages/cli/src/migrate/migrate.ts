import { isSinkError } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import type { Context } from "../context.ts"
import { withDatabase } from "../database.ts"
import { CommandError, type ExitCode, exitCodes } from "../exit.ts"
import { checkCanAsk, confirm } from "../output/confirm.ts"
import { type DropFlags, dropOld } from "./drop-old.ts"
import { checkCopy, toLayout } from "./layout.ts"
import { type Names, toNames } from "./names.ts"
import { type Plan, printPlan, readPlan, toCount } from "./plan.ts"
import { retry } from "./retry.ts"
import { checkInvalid, runMigration } from "./run-migration.ts"
import { readState, type State } from "./state.ts"
import { toStatements } from "./statements.ts"
import { createStop } from "./stop.ts"
import { finishSwap } from "./swap.ts"

/** The flags of `migrate`. */
export interface MigrateFlags extends DropFlags {
  readonly dropOld?: boolean
  readonly stepRows: string
}

/** A statement copies many rows, and nothing is gained by giving up early. */
const leastTimeoutMs = 600_000

/** Copies a table without a unique key to one with a key, and swaps them. */
export async function migrate(context: Context, flags: MigrateFlags): Promise<ExitCode> {
  const maxRows = readStepRows(flags.stepRows)
  const { settings } = context
  const names = toNames(settings.table)
  const timeoutMs = Math.max(settings.timeoutMs, leastTimeoutMs)
  return withDatabase({ ...settings, timeoutMs }, async ({ api }) => {
    try {
      return await migrateTable(context, api, names, maxRows, flags)
    } catch (error) {
      if (!isSinkError(error) || error.code !== "permission_denied") throw error
      throw new CommandError(
        `${error.message}\nRun \`singlesink sql grants --for migrate\` for the rights, and then migrate again: it continues.`,
      )
    }
  })
}

async function migrateTable(
  context: Context,
  api: DataApi,
  names: Names,
  maxRows: number,
  flags: MigrateFlags,
): Promise<ExitCode> {
  const { settings, output, terminal } = context
  const { dryRun = false, yes = false, skipInvalid = false } = flags
  const { table, copy, old } = names
  const found = await retry(() => readState(api, names, settings))
  const document = { database: api.database, table, state: found.kind }
  if (flags.dropOld === true && found.kind !== "swapped")
    throw new CommandError(`There is no finished migration of ${table}, so there is nothing to drop.`)
  if (found.kind === "complete") {
    output.print(`${table} has a unique key. There is nothing to do.`)
    output.printJson({ ...document, swapped: false })
    return exitCodes.ok
  }
  if (!dryRun) checkCanAsk(terminal, yes)
  const ask = async (question: string) => {
    const isConfirmed = await confirm(terminal, question, yes)
    if (!isConfirmed) output.note("Nothing was changed.")
    return isConfirmed
  }

  let state = found
  if (found.kind === "renaming" && !dryRun) {
    // The table does not exist, so nothing comes before this.
    if (!(await ask(`Rename ${copy} to ${table}?`))) return exitCodes.incomplete
    await finishSwap(api, names)
    output.note(`${copy} is renamed to ${table}.`)
    state = { ...found, kind: "swapped" }
  }
  const layout = toLayout(state.source, settings, names)
  if (flags.dropOld === true) return dropOld(context, api, names, layout, flags)
  checkCopy(state, layout, names)

  const isRenamed = state.kind === "renaming" || state.kind === "swapped"
  const source = isRenamed ? old : table
  const plan = await readPlan(api, source, layout)
  printPlan(output, source, plan)
  const statements = toStatements(found.kind, names, layout)
  const planned = { ...document, plan: toPlanDocument(plan), statements, dryRun }
  if (dryRun) {
    for (const sql of statements) output.print(`\n${sql};`)
    output.printJson(planned)
  }
  // Once the tables are renamed, these rows are in the old one.
  if (!isRenamed) checkInvalid(plan.counts.invalid, { names, skipInvalid })
  if (dryRun) return exitCodes.ok
  if (found.kind !== "renaming" && !(await ask(toQuestion(state, names, plan)))) return exitCodes.incomplete

  const { checkStop, end } = createStop(context)
  try {
    await runMigration({ api, output, names, layout, plan, state, maxRows, skipInvalid, checkStop })
  } finally {
    end()
  }
  output.print(
    `${table} has a unique key, and every messageId of ${old} once. Delete ${old} with \`singlesink migrate --drop-old\`.`,
  )
  if (plan.counts.invalid > 0) output.print(`The invalid rows are only in ${old}.`)
  if (!settings.deduplicate)
    output.note("Sinks can deduplicate now: remove --no-deduplicate and SINGLESTORE_DEDUPLICATE=false.")
  output.printJson({ ...planned, swapped: true })
  return exitCodes.ok
}

function readStepRows(text: string): number {
  const rows = Number(text)
  if (Number.isSafeInteger(rows) && rows > 0) return rows
  throw new CommandError("`--step-rows` must be an integer of at least 1.")
}

function toQuestion({ kind }: State, { table, copy, old }: Names, { counts }: Plan): string {
  if (kind === "swapped") return `Copy what is missing from ${old} to ${table}?`
  return `Copy ${toCount(counts.messageIds)} rows to ${copy}, and swap the tables?`
}

function toPlanDocument({ counts: { span: _, ...counts }, differing, disk, notes }: Plan) {
  return { ...counts, differing: differing ?? null, disk: disk ?? null, notes }
}
