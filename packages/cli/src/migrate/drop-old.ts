import { quoteName } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import type { Context } from "../context.ts"
import { CommandError, type ExitCode, exitCodes } from "../exit.ts"
import { confirm } from "../output/confirm.ts"
import { queryCount } from "./count.ts"
import { readCounts } from "./counts.ts"
import type { Layout } from "./layout.ts"
import type { Names } from "./names.ts"
import { toCount } from "./plan.ts"
import { retry } from "./retry.ts"
import { toMissingCount } from "./statements.ts"

export interface DropFlags {
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly skipInvalid?: boolean
}

/** Deletes the old table of a finished migration, if the new one has all of its ids. */
export async function dropOld(
  { terminal, output }: Context,
  api: DataApi,
  { table, old }: Names,
  layout: Layout,
  { dryRun = false, yes = false, skipInvalid = false }: DropFlags,
): Promise<ExitCode> {
  const missing = await queryCount(api, toMissingCount({ from: old, to: table }, layout, {}))
  if (missing > 0)
    throw new CommandError(
      `${table} lacks ${toCount(missing)} messageIds of ${old}. Run \`singlesink migrate\` to copy them, and then drop ${old}.`,
      exitCodes.incomplete,
    )
  const { rows, messageIds, duplicates, invalid } = await readCounts(api, old, layout)
  if (invalid > 0 && !skipInvalid)
    throw new CommandError(
      `${old} has ${toCount(invalid)} invalid rows, which are nowhere else. Pass --skip-invalid to delete them too.`,
    )
  output.print(
    `${old}: ${toCount(rows)} rows = ${toCount(messageIds)} messageIds, all of them in ${table} + ${toCount(duplicates)} duplicates + ${toCount(invalid)} invalid`,
  )
  const statements = [`DROP TABLE IF EXISTS ${quoteName(old)}`]
  const document = { database: api.database, table, old, rows, messageIds, duplicates, invalid, statements }
  if (dryRun) {
    output.print(`${statements[0]};`)
    output.printJson({ ...document, dryRun, dropped: false })
    return exitCodes.ok
  }
  if (!(await confirm(terminal, `Delete ${old}?`, yes))) {
    output.note("Nothing was changed.")
    return exitCodes.incomplete
  }
  await retry(() => api.exec(statements[0] ?? ""))
  output.print(`${old} is deleted.`)
  output.printJson({ ...document, dryRun, dropped: true })
  return exitCodes.ok
}
