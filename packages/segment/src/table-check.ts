import { type Column, ConfigError, defaultColumns, isSinkError, quoteName } from "@singlesink/core"
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

/** The columns of a table. None if there is no such table, or if the user may not look at it. */
export async function findColumns(api: DataApi, table: string): Promise<FoundColumn[]> {
  try {
    return await api.query<FoundColumn>(
      "SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, COLUMN_DEFAULT AS fallback, EXTRA AS extra FROM information_schema.columns WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
      [api.database, table],
    )
  } catch (error) {
    if (isSinkError(error) && error.name === "ConfigError") return []
    throw error
  }
}

/**
 * Checks whether a table can store every event.
 *
 * @throws ConfigError with what to do about the first kind of problem
 */
export function checkColumns(found: readonly FoundColumn[], table: string): void {
  const byName = new Map(found.map(column => [column.name.toLowerCase(), column]))
  const find = ({ name }: Column) => byName.get(name.toLowerCase())
  checkMissing(
    defaultColumns.filter(column => find(column) === undefined),
    table,
  )
  checkUnfilled(found, table)
  const problems = [
    ...[...defaultColumns, ...extraColumns].flatMap(column => {
      const type = find(column)?.type
      const fits = type === undefined || (fitting[column.type]?.test(type) ?? true)
      return fits ? [] : [`${column.name} is ${type} instead of ${column.type}`]
    }),
    // Few events have a value for every field.
    ...defaultColumns.flatMap(column =>
      column.required !== true && find(column)?.nullable === "NO"
        ? [`${column.name} does not allow NULL`]
        : [],
    ),
  ]
  if (problems.length === 0) return
  const message = `The table ${quoteName(table)} has columns that cannot store every event: ${problems.join(", ")}. Change them, or enter another table name to have a table created.`
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
