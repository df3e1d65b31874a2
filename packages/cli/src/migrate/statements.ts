import { quoteName } from "@singlesink/core"
import type { Argument } from "@singlesink/data-api"
import { toChecks } from "./checks.ts"
import type { Layout } from "./layout.ts"
import type { Names } from "./names.ts"
import { formatTime, type Range } from "./range.ts"
import type { State } from "./state.ts"

export interface Statement {
  readonly sql: string
  readonly args: readonly Argument[]
}

/** The names of the tables that rows are copied from and to. */
export interface Route {
  readonly from: string
  readonly to: string
}

/** The copied rows of a range. A row whose id is in the new table is left out, so a step can be repeated. */
export function toCopy({ from, to }: Route, layout: Layout, range: Range): Statement {
  const columns = layout.columns.map(quoteName).join(", ")
  const { sql, args } = toWhere(layout, range)
  return {
    sql: `INSERT IGNORE INTO ${quoteName(to)} (${columns}) SELECT ${columns} FROM ${quoteName(from)} WHERE ${sql}`,
    args,
  }
}

/** The number of rows of the old table that the new one can hold. */
export function toRowCount(table: string, layout: Layout, range: Range): Statement {
  const { sql, args } = toWhere(layout, range)
  return { sql: `SELECT COUNT(*) AS n FROM ${quoteName(table)} WHERE ${sql}`, args }
}

/** The number of ids of these rows. */
export function toIdCount(table: string, layout: Layout, range: Range): Statement {
  const { sql, args } = toWhere(layout, range)
  return {
    sql: `SELECT COUNT(DISTINCT ${toKey(layout)}) AS n FROM ${quoteName(table)} WHERE ${sql}`,
    args,
  }
}

/** The number of ids of the old table that the new one does not have. */
export function toMissingCount({ from, to }: Route, layout: Layout, range: Range): Statement {
  const { sql, args } = toWhere(layout, range, "o.")
  const id = `n.${quoteName(layout.id)}`
  return {
    sql: `SELECT COUNT(DISTINCT ${toKey(layout, "o.")}) AS n FROM ${quoteName(from)} AS o LEFT JOIN ${quoteName(to)} AS n ON ${id} = ${toKey(layout, "o.")} WHERE ${sql} AND ${id} IS NULL`,
    args,
  }
}

/** The id at which a step of so many rows ends; no row if fewer rows are left. */
export function toIdAt(table: string, layout: Layout, range: Range, rows: number): Statement {
  const { sql, args } = toWhere(layout, range)
  const id = quoteName(layout.id)
  // The number is not an argument: the server writes large ones with an exponent.
  return {
    sql: `SELECT ${id} AS id FROM ${quoteName(table)} WHERE ${sql} ORDER BY ${id} LIMIT 1 OFFSET ${rows - 1}`,
    args,
  }
}

/** All counts of the old table in one statement. `invalid0`, `invalid1` and so on are those of `toChecks`. */
export function toCounts(table: string, layout: Layout): string {
  const checks = toChecks(layout)
  const valid = checks.map(({ isValid }) => isValid).join(" AND ")
  const time = layout.time && `CASE WHEN ${valid} THEN ${quoteName(layout.time)} END`
  const items = [
    "COUNT(*) AS total",
    `COUNT(CASE WHEN ${valid} THEN 1 END) AS valid`,
    `COUNT(DISTINCT CASE WHEN ${valid} THEN ${toKey(layout)} END) AS ids`,
    ...(time === undefined ? [] : [`MIN(${time}) AS firstTime`, `MAX(${time}) AS lastTime`]),
    ...checks.map(({ isInvalid }, index) => `COUNT(CASE WHEN ${isInvalid} THEN 1 END) AS invalid${index}`),
  ]
  return `SELECT ${items.join(", ")} FROM ${quoteName(table)}`
}

/** The number of ids whose rows differ in their time or in a column with text. */
export function toDifferingCount(table: string, layout: Layout): string {
  const { sql } = toWhere(layout, {})
  const values = [
    ...(layout.time === undefined ? [] : [quoteName(layout.time)]),
    ...layout.texts.map(name => `COALESCE(${quoteName(name)}, '')`),
  ]
  const items = values.flatMap((value, index) => [`MIN(${value}) AS a${index}`, `MAX(${value}) AS z${index}`])
  const differs = values.map((_, index) => `a${index} <> z${index}`).join(" OR ")
  return `SELECT COUNT(*) AS n FROM (SELECT ${[`${toKey(layout)} AS k`, ...items].join(", ")} FROM ${quoteName(table)} WHERE ${sql} GROUP BY 1) AS copies WHERE ${differs}`
}

export const toRename = (from: string, to: string): string =>
  `ALTER TABLE ${quoteName(from)} RENAME TO ${quoteName(to)}`

/** The statements that are left of a migration, for people. The values of a step are `?`. */
export function toStatements(kind: State["kind"], { table, copy, old }: Names, layout: Layout): string[] {
  const copyOf = (from: string, to: string) =>
    toCopy({ from, to }, layout, { time: { from: 0n, to: 0n } }).sql
  return [
    ...(kind === "not started" ? [layout.createSql] : []),
    ...(kind === "not started" || kind === "copying" ? [copyOf(table, copy), toRename(table, old)] : []),
    ...(kind === "swapped" ? [] : [toRename(copy, table)]),
    copyOf(old, table),
  ]
}

/** The valid rows of a range. */
function toWhere(layout: Layout, { time, ids }: Range, prefix = ""): Statement {
  const args: Argument[] = []
  const compare = (column: string, operator: string, value: string) => {
    args.push(value)
    return `${prefix}${quoteName(column)} ${operator} ?`
  }
  const conditions = toChecks(layout, prefix).map(({ isValid }) => isValid)
  if (time !== undefined && layout.time !== undefined)
    conditions.push(
      compare(layout.time, ">=", formatTime(time.from)),
      compare(layout.time, "<=", formatTime(time.to)),
    )
  if (ids?.after !== undefined) conditions.push(compare(layout.id, ">", ids.after))
  if (ids?.upTo !== undefined) conditions.push(compare(layout.id, "<=", ids.upTo))
  return { sql: conditions.join(" AND "), args }
}

/** The id as the unique key of the new table compares it. */
function toKey({ id, isBinary }: Layout, prefix = ""): string {
  const name = prefix + quoteName(id)
  return isBinary ? name : `(${name} :> LONGTEXT COLLATE utf8mb4_bin)`
}
