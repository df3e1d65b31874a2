import { type Column, ConfigError, defaultColumns, quoteName } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { extraColumns, toAlterTable } from "./columns.ts"

/** A column as the database describes it. */
export interface FoundColumn {
  name: string
  type: string
  nullable: string
  fallback: unknown
  extra: string | null
}

/** The columns of a table. None if there is no such table, or if the user may not see it. */
export function findColumns(api: DataApi, table: string): Promise<FoundColumn[]> {
  return api.query<FoundColumn>(
    "SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, COLUMN_DEFAULT AS fallback, EXTRA AS extra FROM information_schema.columns WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
    [api.database, table],
  )
}

/**
 * Checks whether a table can store every event.
 *
 * @throws ConfigError with what to do about the first kind of problem
 */
export function checkColumns(found: readonly FoundColumn[], table: string): void {
  const types = new Map(found.map(({ name, type }) => [name.toLowerCase(), type]))
  const typeOf = ({ name }: Column) => types.get(name.toLowerCase())
  checkMissing(
    defaultColumns.filter(column => typeOf(column) === undefined),
    table,
  )
  checkUnfilled(found, table)
  const wrong = [...defaultColumns, ...extraColumns].flatMap(column => {
    const type = typeOf(column)
    return type === undefined || fitting[column.type]?.test(type) !== false
      ? []
      : [`${column.name} is ${type} instead of ${column.type}`]
  })
  if (wrong.length === 0) return
  const message = `The table ${quoteName(table)} has columns that cannot store every event: ${wrong.join(", ")}. Change their types, or enter another table name to have a table created.`
  throw new ConfigError({ code: "invalid_options", message, table })
}

/** Matches the column types that can store every value of each type. */
const fitting: Readonly<Partial<Record<Column["type"], RegExp>>> = {
  TEXT: /^(text|mediumtext|longtext)/i,
  "DATETIME(6)": /^datetime\(6\)/i,
  JSON: /^json/i,
}

function checkMissing(missing: readonly Column[], table: string): void {
  if (missing.length === 0) return
  const names = missing.map(({ name }) => name).join(", ")
  const message = `The table ${quoteName(table)} has no column ${names}. Run ${toAlterTable(table, missing)}, or use another table.`
  throw new ConfigError({ code: "unknown_column", message, table })
}

/** A column that the database itself fills. */
const filled = /auto_increment|generated|computed|virtual|stored|persisted/i

function checkUnfilled(found: readonly FoundColumn[], table: string): void {
  // The extra columns are filled if they are mapped.
  const sent = new Set([...defaultColumns, ...extraColumns].map(({ name }) => name.toLowerCase()))
  const unfilled = found.filter(
    ({ name, nullable, fallback, extra }) =>
      !sent.has(name.toLowerCase()) &&
      nullable === "NO" &&
      (fallback === null || fallback === undefined) &&
      !filled.test(extra ?? ""),
  )
  if (unfilled.length === 0) return
  const names = unfilled.map(({ name }) => name).join(", ")
  const message = `The table ${quoteName(table)} has a column that is NOT NULL, has no default and is not filled: ${names}. Give it a default, allow NULL, or use another table.`
  throw new ConfigError({ code: "missing_column", message, table })
}
