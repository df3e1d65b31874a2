import type { Column } from "../parse/syntax.ts"
import type { Catalog } from "./catalog.ts"
import { type NamedKey, shownKeys, type Table } from "./table.ts"
import { typeFacts, typeText } from "./type.ts"

/** A table of information_schema or the result of SHOW. It is made from the catalog for each query. */
export interface SchemaTable {
  columns: { name: string; kind: "text" | "integer" }[]
  rows: (string | number | null)[][]
}

/** The name matches in any case, unlike the names of other databases. */
export function isInformationSchema(database: string | undefined): boolean {
  return database?.toLowerCase() === "information_schema"
}

/** Returns a table of information_schema by its name in any case, if the emulator has it. */
export function schemaTable(name: string, catalog: Catalog): SchemaTable | undefined {
  if (name.toLowerCase() === "tables") return tables(catalog)
  if (name.toLowerCase() === "columns") return columns(catalog)
  if (name.toLowerCase() === "statistics") return statistics(catalog)
  return undefined
}

function tables(catalog: Catalog): SchemaTable {
  return {
    columns: textColumns("TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_TYPE ENGINE TABLE_COLLATION"),
    rows: catalog.tables().map(({ database, name, view }) => {
      const kind = view === undefined ? ["BASE TABLE", "MemSQL", "utf8mb4_bin"] : ["VIEW", null, null]
      return ["def", database, name, ...kind]
    }),
  }
}

function columns(catalog: Catalog): SchemaTable {
  return {
    columns: [
      ...textColumns("TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME"),
      { name: "ORDINAL_POSITION", kind: "integer" },
      ...textColumns("COLUMN_DEFAULT IS_NULLABLE DATA_TYPE COLUMN_TYPE"),
      { name: "CHARACTER_MAXIMUM_LENGTH", kind: "integer" },
      ...textColumns("CHARACTER_SET_NAME COLLATION_NAME COLUMN_KEY EXTRA"),
    ],
    rows: catalog.tables().flatMap(toColumnRows),
  }
}

function toColumnRows(table: Table): SchemaTable["rows"] {
  return table.columns.map(({ name, type, nullable, default: fallback }, index) => {
    const { kind, maxBytes } = typeFacts[type.name]
    const text =
      kind === "text"
        ? [type.size ?? maxBytes ?? 4_294_967_295, "utf8mb4", "utf8mb4_bin"]
        : [null, null, null]
    return [
      ...["def", table.database, table.name, name, index + 1, toDefaultText(fallback)],
      ...[nullable ? "YES" : "NO", type.name, typeText(type), ...text, toColumnKey(table.keys, name), ""],
    ]
  })
}

function toDefaultText(fallback: Column["default"]): string | null {
  return typeof fallback === "boolean" ? String(Number(fallback)) : (fallback ?? null)
}

function toColumnKey(keys: NamedKey[], name: string): string {
  if (keys.some(key => key.kind === "primary" && key.columns.includes(name))) return "PRI"
  const first = keys.filter(key => key.columns[0] === name)
  if (first.some(key => key.kind === "unique" && key.columns.length === 1)) return "UNI"
  return first.some(key => key.kind === "unique" || key.kind === "index") ? "MUL" : ""
}

const indexTypes: Record<NamedKey["kind"], string> = {
  primary: "COLUMNSTORE HASH",
  unique: "COLUMNSTORE HASH",
  index: "COLUMNSTORE HASH",
  shard: "METADATA_ONLY",
  sort: "CLUSTERED COLUMNSTORE",
}

/** Lists every column of every key, including the shard key and the sort key. */
function statistics(catalog: Catalog): SchemaTable {
  return {
    columns: [
      ...textColumns("TABLE_CATALOG TABLE_SCHEMA TABLE_NAME"),
      { name: "NON_UNIQUE", kind: "integer" },
      ...textColumns("INDEX_SCHEMA INDEX_NAME"),
      { name: "SEQ_IN_INDEX", kind: "integer" },
      ...textColumns("COLUMN_NAME INDEX_TYPE"),
    ],
    rows: catalog
      .tables()
      .flatMap(table =>
        shownKeys(table).flatMap(({ kind, name, columns }) =>
          columns.map((column, index) => [
            ...["def", table.database, table.name, kind === "primary" || kind === "unique" ? 0 : 1],
            ...[table.database, name, index + 1, column, indexTypes[kind]],
          ]),
        ),
      ),
  }
}

/** Text columns with these names, separated by spaces. */
function textColumns(names: string): SchemaTable["columns"] {
  return names.split(" ").map(name => ({ name, kind: "text" }))
}
