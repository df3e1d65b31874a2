import { quoteName } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { parseExact } from "@singlesink/data-api/exact"
import { type Source, toNewestFirst } from "./source.ts"

/** Which rows the types come from. */
export interface Range {
  /** The time of the oldest row, as the database writes it. */
  readonly since: string | undefined
  /** The most rows for each event. */
  readonly rows: number
}

/** An event name, and how many rows have it. */
export interface EventCount {
  readonly event: string
  readonly rows: number
}

/** More views than that are of no use, and a name with an id in it makes as many. */
export const mostEvents = 500

/** The names of track events, the most frequent first; one more than `mostEvents` if there are more. */
export function readEvents(api: DataApi, source: Source, range: Range): Promise<EventCount[]> {
  const [type, event] = [source.columnOf("type"), source.columnOf("event")].map(name => quoteName(name ?? ""))
  const { sql, args } = toSince(source, range)
  return api.query<EventCount>(
    `SELECT ${event} AS event, COUNT(*) AS \`rows\` FROM ${quoteName(source.table)} WHERE ${type} = 'track' AND ${event} <> ''${sql} GROUP BY ${event} ORDER BY COUNT(*) DESC, ${event} LIMIT ${mostEvents + 1}`,
    args,
  )
}

/** The newest values of a JSON column, of the rows with these texts in these columns. */
export async function readValues(
  api: DataApi,
  source: Source,
  json: string,
  texts: readonly (readonly [column: string, text: string])[],
  range: Range,
): Promise<unknown[]> {
  const { sql, args } = toSince(source, range)
  const where = texts.map(([column]) => `${quoteName(column)} = ?`).join(" AND ")
  const order = source.time === undefined ? "" : ` ${toNewestFirst(source)}`
  const rows = await api.query<{ found: unknown }>(
    `SELECT ${quoteName(json)} AS found FROM ${quoteName(source.table)} WHERE ${where} AND ${quoteName(json)} IS NOT NULL${sql}${order} LIMIT ${range.rows}`,
    [...texts.map(([, text]) => text), ...args],
    { parse: parseExact, maxBytes: maxSampleBytes },
  )
  return rows.map(row => row.found)
}

/** The rows of one event are read as a whole. */
const maxSampleBytes = 500_000_000

function toSince({ time }: Source, { since }: Range): { sql: string; args: string[] } {
  return since === undefined || time === undefined
    ? { sql: "", args: [] }
    : { sql: ` AND ${quoteName(time)} >= ?`, args: [since] }
}
