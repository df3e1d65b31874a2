import type { DataApi } from "@singlesink/data-api"
import { toChecks } from "./checks.ts"
import type { Layout } from "./layout.ts"
import { parseTime, type Range } from "./range.ts"
import { retry } from "./retry.ts"
import { toCounts } from "./statements.ts"

/** The rows of the old table: `rows = messageIds + duplicates + invalid`. */
export interface Counts {
  readonly rows: number
  readonly messageIds: number
  readonly duplicates: number
  /** Rows that the new table cannot hold. */
  readonly invalid: number
  /** The number of invalid rows by the column that is NULL, empty or not a time. A row can count for several. */
  readonly invalidBy: Readonly<Record<string, number>>
  /** The range of all other rows. */
  readonly span: Range
}

/** @throws SinkError of the request */
export async function readCounts(api: DataApi, table: string, layout: Layout): Promise<Counts> {
  const [row = {}] = await retry(() => api.query(toCounts(table, layout)))
  const rows = Number(row.total)
  const valid = Number(row.valid)
  const messageIds = Number(row.ids)
  const invalidBy = toChecks(layout).flatMap(({ column }, index): [string, number][] => {
    const count = Number(row[`invalid${index}`])
    return count > 0 ? [[column, count]] : []
  })
  const { firstTime: first, lastTime: last } = row
  const time =
    typeof first === "string" && typeof last === "string"
      ? { from: parseTime(first), to: parseTime(last) }
      : undefined
  return {
    rows,
    messageIds,
    duplicates: valid - messageIds,
    invalid: rows - valid,
    invalidBy: Object.fromEntries(invalidBy),
    span: { time },
  }
}
