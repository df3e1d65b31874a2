import { layouts } from "./layout.ts"
import { quoteName, toColumnName } from "./name.ts"
import { type TableOptions, toTable } from "./options.ts"

/**
 * The CREATE TABLE statement. With `layout: "keyed"` the table is sharded and unique by the id column, so that a
 * messageId is stored once however often it is sent, and sorted by time. A unique key cannot be added to a
 * columnstore table later, so it is chosen here.
 *
 * @throws ConfigError that lists every mistake in the options
 * @see https://docs.singlestore.com/cloud/reference/sql-reference/data-definition-language-ddl/create-table/
 */
export function createTableSql(options: TableOptions): string {
  const { table, columns, layout: layoutName } = toTable(options)
  const layout = layouts[layoutName]
  const definitions = columns.map(({ name, type, required, role }) => {
    return `${toColumnName(name)} ${type}${role === "id" ? layout.idType : ""}${required ? " NOT NULL" : ""}`
  })
  const lines = [...definitions, ...layout.toKeys(columns)].map(line => `  ${line}`)
  return `CREATE TABLE IF NOT EXISTS ${quoteName(table)} (\n${lines.join(",\n")}\n) ${layout.tableOptions}`
}
