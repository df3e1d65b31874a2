import type { DataApi } from "@singlesink/data-api"
import { CommandError, exitCodes } from "../exit.ts"
import type { Output } from "../output/output.ts"
import { createCopier } from "./copier.ts"
import { queryCount } from "./count.ts"
import { readCounts } from "./counts.ts"
import type { Layout } from "./layout.ts"
import type { Names } from "./names.ts"
import { type Plan, toCount } from "./plan.ts"
import { formatTime } from "./range.ts"
import { retry } from "./retry.ts"
import type { State } from "./state.ts"
import { toMissingCount } from "./statements.ts"
import type { Step } from "./steps.ts"
import { swap } from "./swap.ts"
import { verifyCopy } from "./verify.ts"

export interface Migration {
  readonly api: DataApi
  readonly output: Output
  readonly names: Names
  readonly layout: Layout
  readonly plan: Plan
  readonly state: Exclude<State, { kind: "complete" }>
  /** The most rows of a step. */
  readonly maxRows: number
  /** Whether rows that the new table cannot hold may stay behind. */
  readonly skipInvalid: boolean
  /** @throws CommandError after Ctrl+C */
  readonly checkStop: () => void
}

/** How often rows that arrive during the copy are copied before the swap. Those that arrive later are copied after it. */
const maxPasses = 3

/** Continues a migration from its state to the end. @throws CommandError, and SinkError of a request */
export async function runMigration(migration: Migration): Promise<void> {
  const { api, names, state } = migration
  if (state.kind === "not started") await retry(() => api.exec(migration.layout.createSql))
  if (state.kind === "not started" || state.kind === "copying") {
    await copyBeforeSwap(migration)
    migration.checkStop()
    migration.output.note(`Renaming ${names.table} to ${names.old}, and ${names.copy} to ${names.table}.`)
    await swap(api, names)
  }
  await copyAfterSwap(migration)
}

/** Copies until both tables have the same ids. */
async function copyBeforeSwap(migration: Migration): Promise<void> {
  const { api, output, names, layout, plan } = migration
  const route = { from: names.table, to: names.copy }
  let { counts } = plan
  for (let pass = 1; pass <= maxPasses; pass++) {
    await createPass(migration, counts.messageIds + counts.duplicates).copyToCopy(route, counts.span)
    const found = await verifyCopy(api, route, layout, counts.messageIds)
    checkInvalid(found.counts.invalid, migration)
    if (found.isExact) {
      output.note(`${names.copy} has each of the ${toCount(found.copied)} messageIds once.`)
      return
    }
    counts = found.counts
    output.note("Rows arrived during the copy.")
  }
  output.note("Rows keep arriving. The last ones are copied after the tables are swapped.")
}

/** Rows can be written between the last look at the old table and its rename. */
async function copyAfterSwap(migration: Migration): Promise<void> {
  const { api, names, layout, plan } = migration
  const route = { from: names.old, to: names.table }
  const countMissing = () => queryCount(api, toMissingCount(route, layout, {}))
  if ((await countMissing()) === 0) return
  // The plan was made before these rows arrived.
  const { span } = await readCounts(api, names.old, layout)
  await createPass(migration, plan.counts.rows).copyMissing(route, span)
  const missing = await countMissing()
  if (missing === 0) return
  throw new CommandError(
    `${names.table} lacks ${toCount(missing)} messageIds of ${names.old}. Run migrate again to copy them.`,
    exitCodes.incomplete,
  )
}

/** @param total the rows of a pass, for the progress */
function createPass({ api, output, layout, maxRows, checkStop }: Migration, total: number) {
  let seen = 0
  function onStep({ range, rows, isCopied }: Step, stored: number): void {
    seen += rows
    const percent = Math.min(100, Math.floor((seen / Math.max(total, 1)) * 100))
    const until = range.time === undefined ? "" : ` until ${formatTime(range.time.to)}`
    const result = isCopied ? "copied before" : `${toCount(stored)} new`
    output.note(`${String(percent).padStart(3)} %  ${toCount(rows)} rows${until}: ${result}`)
  }
  return createCopier({ api, layout, maxRows, checkStop, onStep })
}

/** @throws CommandError if rows would stay behind that the user does not know of */
export function checkInvalid(
  invalid: number,
  { names, skipInvalid }: Pick<Migration, "names" | "skipInvalid">,
): void {
  if (invalid === 0 || skipInvalid) return
  throw new CommandError(
    `${toCount(invalid)} rows cannot be in the new table, because a value is NULL, empty, too long or not a time. Correct or delete them, or pass --skip-invalid to leave them in ${names.old}.`,
  )
}
