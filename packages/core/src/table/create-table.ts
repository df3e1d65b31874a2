import type { TableOptions } from "../options.ts"
import { resolveTableOptions } from "../resolve-options.ts"
import { quoteName } from "./identifier.ts"

// Ids that differ only in case are different events, so the key compares bytes whatever the server's default is.
const binary = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"

/**
 * The CREATE TABLE statement for a sink's table. With `deduplicate` (the default) the id column is the shard key and the
 * unique key, and the table is sorted by time. A unique key cannot be added to a columnstore table later.
 *
 * @throws ConfigError with every mistake in the options
 * @see https://docs.singlestore.com/cloud/reference/sql-reference/data-definition-language-ddl/create-table/
 * @example
 * await api.exec(createTableSql({ table: "segment_data" }))
 */
export function createTableSql(options: TableOptions = {}): string {
  const { table, columns, deduplicate } = resolveTableOptions(options)
  const definitions = columns.map(({ name, type, required, role }) => {
    const isKey = deduplicate && role === "id"
    return `${quoteName(name)} ${type}${isKey ? ` ${binary}` : ""}${required ? " NOT NULL" : ""}`
  })
  const nameOf = (role: "id" | "time") =>
    columns.flatMap(column => (column.role === role ? quoteName(column.name) : []))
  const keys = deduplicate
    ? [
        ...nameOf("id").map(id => `SHARD KEY (${id})`),
        ...nameOf("time").map(time => `SORT KEY (${time})`),
        ...nameOf("id").map(id => `UNIQUE KEY (${id}) USING HASH`),
      ]
    : ["SHARD KEY ()"]
  const lines = [...definitions, ...keys].map(line => `  ${line}`)
  return `CREATE TABLE IF NOT EXISTS ${quoteName(table)} (\n${lines.join(",\n")}\n) SQL_MODE='STRICT_ALL_TABLES'`
}
