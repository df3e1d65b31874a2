import { quoteName } from "@singlesink/core"
import { quoteString } from "../literal.ts"
import { toPaths } from "../path.ts"
import type { Property } from "./infer.ts"
import { toSelectList } from "./properties.ts"
import type { Source } from "./source.ts"

/** A query, and what a reader should know about it. */
export interface ViewQuery {
  readonly sql: string
  readonly notes: readonly string[]
}

/** What each track event has in common, or has as columns. */
const leftOut = ["type", "event", "name", "properties", "traits"]

/** The track events with one name: the columns of the table, and a typed column for each property. */
export function toEventQuery(source: Source, event: string, properties: readonly Property[]): ViewQuery {
  const { table, columns, columnOf } = source
  const kept = columns
    .filter(({ from }) => !leftOut.includes(toPaths(from)[0] ?? ""))
    .map(column => column.name)
  const { items, notes } = toSelectList(columnOf("properties") ?? "", properties, kept)
  const sql = [
    "SELECT",
    [...kept.map(quoteName), ...items].map(item => `  ${item}`).join(",\n"),
    `FROM ${quoteName(table)}`,
    `WHERE ${quoteName(columnOf("type") ?? "")} = 'track' AND ${quoteName(columnOf("event") ?? "")} = ${quoteString(event)}`,
  ].join("\n")
  return { sql, notes }
}
