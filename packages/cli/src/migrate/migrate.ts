import { isSinkError } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import type { Context } from "../context.ts"
import { withDatabase } from "../database.ts"
import { CommandError, type ExitCode, exitCodes } from "../exit.ts"
import { checkCanAsk, confirm } from "../output/confirm.ts"
import { type DropFlags, dropOld } from "./drop-old.ts"
import { type Layout, toLayout } from "./layout.ts"
import { type Names, toNames } from "./names.ts"
import { type Plan, printPlan, readPlan, toCount } from "./plan.ts"
import { retry } from "./retry.ts"
import { checkInvalid, type Migration, runMigration } from "./run-migration.ts"
import { readState, type State } from "./state.ts"
import { toCopy, toRename } from "./statements.ts"

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
  const state = await retry(() => readState(api, names, settings))
  const document = { database: api.database, table: names.table, state: state.kind }
  if (flags.dropOld === true && state.kind !== "swapped")
    throw new CommandError(`There is no finished migration of ${names.table}, so there is nothing to drop.`)
  if (state.kind === "complete") {
    output.print(`${names.table} has a unique key. There is nothing to do.`)
    output.printJson({ ...document, swapped: false })
    return exitCodes.ok
  }
  if (!dryRun) checkCanAsk(terminal, yes)
  const layout = toLayout(state.source, settings, names)
  checkCopy(state, layout, names)
  if (flags.dropOld === true) return dropOld(context, api, names, layout, flags)

  const plan = await readPlan(api, isRenamed(state) ? names.old : names.table, layout)
  const statements = toStatements(state, names, layout)
  const planned = { ...document, plan: toPlanDocument(plan), statements, dryRun }
  printPlan(output, isRenamed(state) ? names.old : names.table, plan)
  if (dryRun) {
    for (const sql of statements) output.print(`\n${sql};`)
    output.printJson(planned)
    checkInvalid(plan.counts.invalid, { names, skipInvalid })
    return exitCodes.ok
  }
  checkInvalid(plan.counts.invalid, { names, skipInvalid })
  if (!(await confirm(terminal, toQuestion(state, names, plan), yes))) {
    output.note("Nothing was changed.")
    return exitCodes.incomplete
  }

  const stop = createStop(context)
  try {
    const { checkStop } = stop
    await runMigration({ api, output, names, layout, plan, state, maxRows, skipInvalid, checkStop })
  } finally {
    stop.end()
  }
  output.print(
    `${names.table} has a unique key, and every messageId of ${names.old} once. Delete ${names.old} with \`singlesink migrate --drop-old\`.`,
  )
  if (plan.counts.invalid > 0) output.print(`The invalid rows are only in ${names.old}.`)
  if (!settings.deduplicate)
    output.note("Sinks can deduplicate now: remove --no-deduplicate and SINGLESTORE_DEDUPLICATE=false.")
  output.printJson({ ...planned, swapped: true })
  return exitCodes.ok
}

const isRenamed = ({ kind }: State) => kind === "renaming" || kind === "swapped"

function readStepRows(text: string): number {
  const rows = Number(text)
  if (Number.isSafeInteger(rows) && rows > 0) return rows
  throw new CommandError("`--step-rows` must be an integer of at least 1.")
}

/** The new table may be from before a change to the old one or to the settings. */
function checkCopy(state: State, { columns }: Layout, { copy, table }: Names): void {
  if (!("copy" in state)) return
  const found = new Set(state.copy.columns.map(({ name }) => name.toLowerCase()))
  const missing = columns.filter(name => !found.has(name.toLowerCase()))
  if (missing.length === 0) return
  const name = isRenamed(state) && state.kind === "swapped" ? table : copy
  throw new CommandError(
    `${name} has no column ${missing.join(", ")}, so the columns have changed since the migration began. ${name === copy ? `Drop ${copy}, and run migrate again.` : "Add the columns."}`,
  )
}

/** The statements that are left. Arguments of the copy are `?`. */
function toStatements({ kind }: State, { table, copy, old }: Names, layout: Layout): string[] {
  const span = layout.time === undefined ? {} : { time: { from: 0n, to: 0n } }
  const copyOf = (from: string, to: string) => toCopy({ from, to }, layout, span).sql
  return [
    ...(kind === "not started" ? [layout.createSql] : []),
    ...(kind === "not started" || kind === "copying" ? [copyOf(table, copy), toRename(table, old)] : []),
    ...(kind === "swapped" ? [] : [toRename(copy, table)]),
    copyOf(old, table),
  ]
}

function toQuestion({ kind }: State, { table, copy, old }: Names, { counts }: Plan): string {
  if (kind === "swapped") return `Copy what is missing from ${old} to ${table}?`
  if (kind === "renaming") return `Rename ${copy} to ${table}?`
  return `Copy ${toCount(counts.messageIds)} rows to ${copy}, and swap the tables?`
}

function toPlanDocument({ counts: { span: _, ...counts }, differing, disk, notes }: Plan) {
  return { ...counts, differing: differing ?? null, disk: disk ?? null, notes }
}

/** Ends the command between two steps after Ctrl+C. */
function createStop({ terminal, output }: Context) {
  let isStopping = false
  const end = terminal.onInterrupt(() => {
    isStopping = true
    output.note("Stopping after the running step. Press Ctrl+C again to stop at once, which is safe too.")
  })
  const checkStop: Migration["checkStop"] = () => {
    if (!isStopping) return
    throw new CommandError(
      "Stopped. Nothing is lost, and what is copied is kept. Run the same command to continue.",
      exitCodes.interrupted,
    )
  }
  return { end, checkStop }
}
