import { quoteName } from "@singlesink/core"
import { quoteString } from "../literal.ts"
import type { ViewQuery } from "./event-view.ts"
import type { Property } from "./infer.ts"
import { createNames } from "./names.ts"
import { toSelectList } from "./properties.ts"
import { type Source, toNewestFirst } from "./source.ts"

/** The columns that a view of traits reads. */
export interface TraitColumns {
  readonly type: string
  readonly owner: string
  readonly time: string
  readonly traits: string
}

/** The newest identify event of each user, or the newest group event of each group, with a column for each trait. */
export function toTraitsQuery(
  source: Source,
  { type, owner, time, traits }: TraitColumns,
  eventType: "identify" | "group",
  properties: readonly Property[],
): ViewQuery {
  const kept = [owner, time, traits]
  const newest = quoteName(createNames(kept).take("newest"))
  const { items, notes } = toSelectList(traits, properties, kept)
  const sql = [
    "SELECT",
    [...kept.map(quoteName), ...items].map(item => `  ${item}`).join(",\n"),
    "FROM (",
    `  SELECT ${kept.map(quoteName).join(", ")},`,
    `    ROW_NUMBER() OVER (PARTITION BY ${quoteName(owner)} ${toNewestFirst(source)}) AS ${newest}`,
    `  FROM ${quoteName(source.table)}`,
    `  WHERE ${quoteName(type)} = '${eventType}' AND ${quoteName(owner)} <> '' AND JSON_LENGTH(${quoteName(traits)}) > 0`,
    ") AS `events`",
    `WHERE ${newest} = 1`,
  ].join("\n")
  return { sql, notes }
}

/** The names of audiences: identify events of an audience have a single trait, which is true or false. */
export function findAudiences(values: readonly unknown[]): string[] {
  const names = values.flatMap(value => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return []
    const entries = Object.entries(value)
    const [[name, member] = ["", undefined]] = entries
    return entries.length === 1 && typeof member === "boolean" && !name.includes("\0") ? [name] : []
  })
  return [...new Set(names)].sort()
}

/** The members of each audience: those whose newest event of the audience is true. */
export function toAudiencesQuery(
  source: Source,
  columns: TraitColumns,
  audiences: readonly string[],
): string {
  return audiences.map(audience => toMembersQuery(source, columns, audience)).join("\nUNION ALL\n")
}

function toMembersQuery(source: Source, columns: TraitColumns, audience: string): string {
  const [type, owner, time, traits] = [columns.type, columns.owner, columns.time, columns.traits].map(
    quoteName,
  )
  const key = quoteString(audience)
  return [
    `SELECT ${key} AS \`audience\`, ${owner}, \`updated_at\``,
    "FROM (",
    `  SELECT ${owner}, ${time} AS \`updated_at\`, JSON_EXTRACT_BIGINT(${traits}, ${key}) AS \`is_member\`,`,
    `    ROW_NUMBER() OVER (PARTITION BY ${owner} ${toNewestFirst(source)}) AS \`newest\``,
    `  FROM ${quoteName(source.table)}`,
    `  WHERE ${type} = 'identify' AND ${owner} <> '' AND JSON_EXTRACT_STRING(${traits}, ${key}) IS NOT NULL`,
    ") AS `events`",
    "WHERE `newest` = 1 AND `is_member` = 1",
  ].join("\n")
}
