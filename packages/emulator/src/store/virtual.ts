import type { Catalog } from "./catalog.ts"
import type { NamedKey, Table } from "./table.ts"
import { typeFacts, typeText } from "./type.ts"

/** A table of information_schema: made from the catalog whenever a query reads it. */
export interface VirtualTable {
  columns: { name: string; kind: "text" | "integer" }[]
  rows: (string | number | null)[][]
}

/** Its name is the same in any case, unlike those of databases that hold data. */
export function isInformationSchema(database: string | undefined): boolean {
  return database?.toLowerCase() === "information_schema"
}

/** Undefined where information_schema has no such table here. Its names are the same in any case. */
export function virtualTable(name: string, catalog: Catalog): VirtualTable | undefined {
  if (name.toLowerCase() === "tables") return tables(catalog)
  if (name.toLowerCase() === "columns") return columns(catalog)
  return undefined
}

function tables(catalog: Catalog): VirtualTable {
  return {
    columns: text("TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "TABLE_TYPE", "ENGINE", "TABLE_COLLATION"),
    rows: catalog
      .tables()
      .map(table => ["def", table.database, table.name, "BASE TABLE", "MemSQL", "utf8mb4_bin"]),
  }
}

function columns(catalog: Catalog): VirtualTable {
  return {
    columns: [
      ...text("TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME"),
      { name: "ORDINAL_POSITION", kind: "integer" },
      ...text("COLUMN_DEFAULT", "IS_NULLABLE", "DATA_TYPE", "COLUMN_TYPE"),
      { name: "CHARACTER_MAXIMUM_LENGTH", kind: "integer" },
      ...text("CHARACTER_SET_NAME", "COLLATION_NAME", "COLUMN_KEY", "EXTRA"),
    ],
    rows: catalog.tables().flatMap(columnRows),
  }
}

function columnRows(table: Table): VirtualTable["rows"] {
  return table.columns.map(({ name, type, nullable, default: fallback }, index) => {
    const { kind, maxBytes } = typeFacts[type.name]
    const isText = kind === "text"
    return [
      "def",
      table.database,
      table.name,
      name,
      index + 1,
      typeof fallback === "boolean" ? String(Number(fallback)) : (fallback ?? null),
      nullable ? "YES" : "NO",
      type.name,
      typeText(type),
      isText ? (type.size ?? maxBytes ?? 4_294_967_295) : null,
      isText ? "utf8mb4" : null,
      isText ? "utf8mb4_bin" : null,
      columnKey(table.keys, name),
      "",
    ]
  })
}

function columnKey(keys: NamedKey[], name: string): string {
  if (keys.some(key => key.kind === "primary" && key.columns.includes(name))) return "PRI"
  const first = keys.filter(key => key.columns[0] === name)
  if (first.some(key => key.kind === "unique" && key.columns.length === 1)) return "UNI"
  return first.some(key => key.kind === "unique" || key.kind === "index") ? "MUL" : ""
}

function text(...names: string[]): VirtualTable["columns"] {
  return names.map(name => ({ name, kind: "text" }))
}
