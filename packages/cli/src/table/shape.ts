import { isSinkError, quoteName } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"

/** A table as the database describes it. */
export interface TableShape {
  readonly kind: "missing" | "view" | "table"
  /** Names of tables that differ only in case. */
  readonly namesakes: readonly string[]
  readonly isRowstore: boolean
  readonly columns: readonly FoundColumn[]
  readonly keys: readonly FoundKey[]
}

export interface FoundColumn {
  readonly name: string
  /** The type in lower case, such as `datetime(6)`. */
  readonly type: string
  readonly isNullable: boolean
  /** Whether the database fills the column: it has a default, or is computed. */
  readonly isFilled: boolean
  readonly collation: string | undefined
}

export interface FoundKey {
  readonly kind: "shard" | "sort" | "unique" | "index"
  readonly columns: readonly string[]
}

type Row = Readonly<Record<string, unknown>>

/**
 * Reads the shape of a table. A table that the user may not see counts as missing.
 *
 * @throws SinkError of the request
 */
export async function readShape(api: DataApi, table: string): Promise<TableShape> {
  const where = "WHERE TABLE_SCHEMA = ? AND LOWER(TABLE_NAME) = LOWER(?)"
  // All columns, because the name of the one with the storage differs among versions.
  const tables = await read(api, `SELECT * FROM information_schema.tables ${where}`, table)
  const found = tables.find(row => row.TABLE_NAME === table)
  const namesakes = tables.map(row => String(row.TABLE_NAME)).filter(name => name !== table)
  if (found === undefined) {
    return { kind: "missing", namesakes, isRowstore: false, columns: [], keys: [] }
  }
  const columns = await read(
    api,
    `SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, COLLATION_NAME FROM information_schema.columns ${where} ORDER BY ORDINAL_POSITION`,
    table,
  )
  const isTable = !/view/i.test(String(found.TABLE_TYPE))
  const keys = isTable
    ? await read(
        api,
        `SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, INDEX_TYPE FROM information_schema.statistics ${where} ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
        table,
      )
    : []
  const definition = isTable ? await readDefinition(api, table) : ""
  const isThis = (row: Row) => row.TABLE_NAME === table
  return {
    kind: isTable ? "table" : "view",
    namesakes,
    isRowstore: isTable && isRowstore(found, definition),
    columns: columns.filter(isThis).map(toColumn),
    keys: toKeys(keys.filter(isThis), definition),
  }
}

/** Rows with the names of their columns in upper case. */
async function read(api: DataApi, sql: string, table: string): Promise<Row[]> {
  const rows = await api.query(sql, [api.database, table])
  return rows.map(row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toUpperCase(), value])),
  )
}

/** The CREATE TABLE statement of a table; empty if the server does not show it. */
async function readDefinition(api: DataApi, table: string): Promise<string> {
  try {
    const [row = {}] = await api.query(`SHOW CREATE TABLE ${quoteName(table)}`)
    return String(Object.values(row)[1] ?? "")
  } catch (error) {
    if (isSinkError(error) && error.name !== "DeliveryError") return ""
    throw error
  }
}

/** Whether a row of information_schema.tables, or the statement of the table, names a rowstore. */
export function isRowstore(row: Row, definition: string): boolean {
  return (
    /rowstore/i.test(String(row.STORAGE_TYPE ?? "")) || /^\s*CREATE\b[^(`]*\bROWSTORE\b/i.test(definition)
  )
}

function toColumn(row: Row): FoundColumn {
  const filled = /auto_increment|generated|computed|virtual|stored|persisted/i
  return {
    name: String(row.COLUMN_NAME),
    type: String(row.COLUMN_TYPE).toLowerCase(),
    isNullable: row.IS_NULLABLE === "YES",
    isFilled: (row.COLUMN_DEFAULT ?? null) !== null || filled.test(String(row.EXTRA ?? "")),
    collation: typeof row.COLLATION_NAME === "string" ? row.COLLATION_NAME : undefined,
  }
}

/** @param rows of information_schema.statistics, one for each column of each key */
export function toKeys(rows: readonly Row[], definition: string): FoundKey[] {
  const names = new Set(rows.map(row => String(row.INDEX_NAME)))
  return [...names].map(name => {
    const parts = rows.filter(row => row.INDEX_NAME === name)
    return {
      kind: toKind(parts[0] ?? {}, name, definition),
      columns: parts.map(row => String(row.COLUMN_NAME)),
    }
  })
}

function toKind(row: Row, name: string, definition: string): FoundKey["kind"] {
  const type = String(row.INDEX_TYPE ?? "").toUpperCase()
  if (name === "__SHARDKEY" || type === "METADATA_ONLY") return "shard"
  if (type.includes("CLUSTERED")) return "sort"
  // A key that the server only believes in keeps no duplicate out.
  const isEnforced = !definition
    .split("\n")
    .some(line => line.includes(` ${quoteName(name)} `) && /\bUNENFORCED\b/i.test(line))
  return Number(row.NON_UNIQUE) === 0 && isEnforced ? "unique" : "index"
}
