import type { Column } from "./columns.ts"
import { type TableOptions, toTable } from "./options.ts"

/**
 * The CREATE TABLE statement of the keyed layout: sharded and unique by the id column, so that a messageId is
 * stored once however often it is sent; sorted by time. A unique key cannot be added to a columnstore table
 * later, so it is chosen here.
 *
 * @throws ConfigError that lists every mistake in the options
 * @see https://docs.singlestore.com/cloud/reference/sql-reference/data-definition-language-ddl/create-table/
 */
export function createTableSql(options: TableOptions): string {
  const { table, columns } = toTable(options)
  const id = columns.find(column => column.role === "id")
  const time = columns.find(column => column.role === "time")
  const keys = [
    id && `SHARD KEY (${quoteName(id.name)})`,
    time && `SORT KEY (${quoteName(time.name)})`,
    id && `UNIQUE KEY (${quoteName(id.name)}) USING HASH`,
  ].filter(key => key !== undefined)
  const lines = [...columns.map(toDefinition), ...keys].map(line => `  ${line}`)
  return `CREATE TABLE IF NOT EXISTS ${quoteName(table)} (\n${lines.join(",\n")}\n) SQL_MODE='STRICT_ALL_TABLES'`
}

function toDefinition({ name, type, required, role }: Column): string {
  // Two ids that differ in case only are two events: the key compares bytes, whatever the server's default is.
  const collation = role === "id" ? " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" : ""
  return `${quoteName(name)} ${type}${collation}${required ? " NOT NULL" : ""}`
}

/** A table or column name in back quotes, safe whatever it holds. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``
}
