import type { Delete } from "../parse/syntax.ts"
import { tableName } from "../store/duckdb.ts"
import type { Table } from "../store/table.ts"
import type { StatementContext } from "./context.ts"
import { condition } from "./expression.ts"
import { columnsOf } from "./from.ts"
import { createContext, rowCount } from "./query.ts"

/** DuckDB's DELETE has no LIMIT, so the rows are chosen first. */
export function translateDelete(statement: Delete, table: Table, given: StatementContext): string {
  const context = createContext(given)
  const alias = context.alias()
  const scope = [{ alias: table.name, columns: columnsOf(table, alias) }]
  const target = tableName(table.database, table.name)
  const where =
    statement.where === undefined
      ? ""
      : ` WHERE ${condition(statement.where, { context, scope, clause: "where clause" })}`
  const limit = statement.limit === undefined ? "" : ` LIMIT ${rowCount(statement.limit, context)}`
  return `DELETE FROM ${target} WHERE rowid IN (SELECT ${alias}.rowid FROM ${target} AS ${alias}${where}${limit})`
}
