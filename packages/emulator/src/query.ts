import type { Call, Workings } from "./engine.ts"
import { StatementError } from "./errors.ts"
import type { Statement, TableName } from "./parse/syntax.ts"
import { createSql } from "./store/ddl.ts"
import { readRows } from "./store/read.ts"
import type { Result } from "./store/result.ts"
import type { Table } from "./store/table.ts"
import { fields, indexes, text, type VirtualTable } from "./store/virtual.ts"
import { translateQuery } from "./translate/query.ts"

/** Runs a statement with a result. */
export async function query(statement: Statement, call: Call, workings: Workings): Promise<Result> {
  const { duckdb, catalog, grants } = workings
  switch (statement.kind) {
    case "select": {
      const context = workings.context(call)
      const { sql, columns } = translateQuery(statement.query, context)
      const isSorted = statement.query.orderBy.length > 0
      return { columns, ...(await readRows(duckdb, sql, context.parameters, isSorted)) }
    }
    case "showDatabases":
      return names("Database", catalog.databases())
    case "showTables": {
      const database = catalog.database(statement.database ?? call.database)
      const tables = catalog.tables().filter(table => table.database === database)
      return names(`Tables_in_${database}`, tables.map(table => table.name).sort())
    }
    case "showColumns":
      return toResult(fields(shownTable(statement.table, call, workings)))
    case "showIndexes":
      return toResult(indexes(shownTable(statement.table, call, workings)))
    case "showCreateTable": {
      const table = shownTable(statement.table, call, workings)
      if (table.view !== undefined) grants.check("SHOW VIEW", table.name)
      const columns = table.view === undefined ? ["Table", "Create Table"] : ["View", "Create View"]
      return toResult({ columns: text(...columns), rows: [[table.name, createSql(table)]] })
    }
    case "showGrants":
      return grants.show()
    default:
      throw new StatementError("this statement has no result set: send it to /api/v2/exec", 400)
  }
}

/** Whoever may do anything with a table may see what it is like. */
function shownTable(name: TableName, call: Call, { catalog, grants }: Workings): Table {
  grants.checkAny(name.name)
  return catalog.table(name, call.database)
}

function names(column: string, values: string[]): Result {
  return toResult({ columns: text(column), rows: values.map(value => [value]) })
}

function toResult({ columns, rows }: VirtualTable): Result {
  return { columns: columns.map(({ name, kind }) => ({ name, type: { kind, digits: 0 } })), rows }
}
