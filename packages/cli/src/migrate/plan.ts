import { isSinkError } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import type { Output } from "../output/output.ts"
import { queryCount } from "./count.ts"
import { type Counts, readCounts } from "./counts.ts"
import type { Layout } from "./layout.ts"
import { toDifferingCount } from "./statements.ts"

/** What a migration will do. */
export interface Plan {
  readonly counts: Counts
  /** Ids whose rows differ; undefined if the database did not count them. */
  readonly differing: number | undefined
  /** The size of the old table on the disk, and what the new one adds until the old one is dropped. */
  readonly disk: { readonly bytes: number; readonly additionalBytes: number } | undefined
  readonly notes: readonly string[]
}

/** @param table the old table by its current name */
export async function readPlan(api: DataApi, table: string, layout: Layout): Promise<Plan> {
  const counts = await readCounts(api, table, layout)
  const { rows, messageIds, duplicates } = counts
  const differing =
    duplicates === 0
      ? 0
      : await ifAnswered(() =>
          queryCount(api, { sql: toDifferingCount(table, layout), args: [] }, { timeouts: 0 }),
        )
  const bytes = await ifAnswered(() => readBytes(api, table))
  const views = (await ifAnswered(() => readViews(api))) ?? []
  return {
    counts,
    differing,
    disk:
      bytes === undefined
        ? undefined
        : { bytes, additionalBytes: Math.round((bytes * messageIds) / Math.max(rows, 1)) },
    notes: [...layout.notes, ...toViewNotes(views)],
  }
}

/** The result of a question that is not essential. */
async function ifAnswered<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (isSinkError(error)) return undefined
    throw error
  }
}

/** @see https://docs.singlestore.com/db/v9.1/reference/information-schema-reference/segment-column-and-merge-status/columnar-segments.md */
async function readBytes(api: DataApi, table: string): Promise<number | undefined> {
  const [row] = await api.query<{ bytes: number | string | null }>(
    "SELECT SUM(COMPRESSED_SIZE) AS bytes FROM information_schema.COLUMNAR_SEGMENTS WHERE DATABASE_NAME = ? AND TABLE_NAME = ?",
    [api.database, table],
  )
  return Number(row?.bytes ?? 0) || undefined
}

async function readViews(api: DataApi): Promise<string[]> {
  const rows = await api.query<{ name: string }>(
    "SELECT TABLE_NAME AS name FROM information_schema.tables WHERE TABLE_SCHEMA = ? AND TABLE_TYPE LIKE '%VIEW%' ORDER BY TABLE_NAME",
    [api.database],
  )
  return rows.map(({ name }) => name)
}

function toViewNotes(views: readonly string[]): string[] {
  if (views.length === 0) return []
  const shown = views.slice(0, 5).join(", ")
  const more = views.length > 5 ? ` and ${views.length - 5} more` : ""
  return [
    `The database has views: ${shown}${more}. Check those that read the table after the swap, and create them again if they fail. For views of \`singlesink sql views\`, run it again with --apply.`,
  ]
}

/** Prints the plan for people. */
export function printPlan(output: Output, table: string, { counts, differing, disk, notes }: Plan): void {
  const { rows, messageIds, duplicates, invalid, invalidBy } = counts
  const ids = `${toCount(messageIds)} messageIds + ${toCount(duplicates)} duplicates + ${toCount(invalid)} invalid`
  output.print(`${table}: ${toCount(rows)} rows = ${ids}`)
  for (const [column, count] of Object.entries(invalidBy))
    output.print(`  ${toCount(count)} invalid: ${column} is NULL, empty, too long or not a time`)
  if (duplicates > 0) {
    const differ = differing === undefined ? "An unknown number of" : toCount(differing)
    output.print(
      `${differ} messageIds have copies that differ in their time or text. The first copied one is kept, and steps go from the oldest to the newest.`,
    )
  }
  output.print(
    disk === undefined
      ? "Disk: unknown. Expect the new table to be as large as the old one without its duplicates."
      : `Disk: ${toSize(disk.bytes)} now, and about ${toSize(disk.additionalBytes)} more until the old table is dropped.`,
  )
  for (const note of notes) output.print(note)
}

export const toCount = (count: number): string => count.toLocaleString("en")

const toSize = (bytes: number) =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`
