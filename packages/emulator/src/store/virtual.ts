import type { Column } from "../parse/syntax.ts"
import type { Catalog } from "./catalog.ts"
import { keyColumns } from "./key.ts"
import type { NamedKey, Table } from "./table.ts"
import { typeFacts, typeText } from "./type.ts"

/** A table of information_schema, or what SHOW gives: made from the catalog whenever somebody reads it. */
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
  if (name.toLowerCase() === "statistics") return statistics(catalog)
  return undefined
}

function tables(catalog: Catalog): VirtualTable {
  return {
    columns: text("TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "TABLE_TYPE", "ENGINE", "TABLE_COLLATION"),
    rows: catalog.tables().map(({ database, name, view }) => {
      const kind = view === undefined ? ["BASE TABLE", "MemSQL", "utf8mb4_bin"] : ["VIEW", null, null]
      return ["def", database, name, ...kind]
    }),
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
      shownDefault(fallback),
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

function shownDefault(fallback: Column["default"]): string | null {
  return typeof fallback === "boolean" ? String(Number(fallback)) : (fallback ?? null)
}

/** Every column of every key, the shard key and the sort key among them. */
function statistics(catalog: Catalog): VirtualTable {
  return {
    columns: [
      ...text("TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME"),
      { name: "NON_UNIQUE", kind: "integer" },
      ...text("INDEX_SCHEMA", "INDEX_NAME"),
      { name: "SEQ_IN_INDEX", kind: "integer" },
      ...text("COLUMN_NAME", "COLLATION"),
      { name: "CARDINALITY", kind: "integer" },
      { name: "SUB_PART", kind: "integer" },
      ...text("PACKED", "NULLABLE", "INDEX_TYPE", "COMMENT", "INDEX_COMMENT"),
    ],
    rows: catalog
      .tables()
      .flatMap(table =>
        keyColumns(table).map(({ unique, name, place, column, nullable, kind }) => [
          ...["def", table.database, table.name, unique ? 0 : 1, table.database, name, place, column],
          ...[null, null, null, null, nullable ? "YES" : "", kind, "", ""],
        ]),
      ),
  }
}

/** What SHOW INDEX gives. */
export function indexes(table: Table): VirtualTable {
  return {
    columns: [
      ...text("Table"),
      { name: "Non_unique", kind: "integer" },
      ...text("Key_name"),
      { name: "Seq_in_index", kind: "integer" },
      ...text("Column_name", "Collation"),
      { name: "Cardinality", kind: "integer" },
      { name: "Sub_part", kind: "integer" },
      ...text("Packed", "Null", "Index_type", "Comment", "Index_comment"),
    ],
    rows: keyColumns(table).map(({ unique, name, place, column, nullable, kind }) => [
      ...[table.name, unique ? 0 : 1, name, place, column],
      ...[null, null, null, null, nullable ? "YES" : "", kind, "", ""],
    ]),
  }
}

/** What DESCRIBE and SHOW COLUMNS give. */
export function fields(table: Table): VirtualTable {
  return {
    columns: text("Field", "Type", "Null", "Key", "Default", "Extra"),
    rows: table.columns.map(({ name, type, nullable, default: fallback }) => [
      ...[name, typeText(type), nullable ? "YES" : "NO"],
      ...[columnKey(table.keys, name), shownDefault(fallback), ""],
    ]),
  }
}

function columnKey(keys: NamedKey[], name: string): string {
  if (keys.some(key => key.kind === "primary" && key.columns.includes(name))) return "PRI"
  const first = keys.filter(key => key.columns[0] === name)
  if (first.some(key => key.kind === "unique" && key.columns.length === 1)) return "UNI"
  return first.some(key => key.kind === "unique" || key.kind === "index") ? "MUL" : ""
}

export function text(...names: string[]): VirtualTable["columns"] {
  return names.map(name => ({ name, kind: "text" }))
}
