import type { Call, Dependencies } from "./call.ts"
import { StatementError, toValueError } from "./errors.ts"
import type { Statement } from "./parse/syntax.ts"
import { toCreateSql } from "./store/ddl.ts"
import type { Duckdb, Parameter } from "./store/duckdb.ts"
import type { Result } from "./store/result.ts"
import { createContext } from "./translate/context.ts"
import { translateQuery } from "./translate/query.ts"
import { text } from "./translate/sql-expression.ts"

/** Runs a statement with a result. */
export async function query(statement: Statement, call: Call, dependencies: Dependencies): Promise<Result> {
  const { catalog, grants } = dependencies
  switch (statement.kind) {
    case "select": {
      const context = createContext(call, dependencies)
      const { sql, columns } = translateQuery(statement.query, context)
      const isSorted = statement.query.orderBy.length > 0
      return { columns, ...(await readRows(dependencies.duckdb, sql, context.parameters, isSorted)) }
    }
    case "showDatabases":
      return toResult(["Database"], toRows(catalog.databases()))
    case "showTables": {
      const database = catalog.database(statement.database ?? call.database)
      const tables = catalog.tables().filter(table => table.database === database)
      return toResult([`Tables_in_${database}`], toRows(tables.map(table => table.name).sort()))
    }
    case "showCreateTable": {
      grants.check("any", statement.table.name)
      const table = catalog.table(statement.table, call.database)
      const kind = table.view === undefined ? "Table" : "View"
      return toResult([kind, `Create ${kind}`], [[table.name, toCreateSql(table)]])
    }
    case "showGrants":
      return grants.show()
    default:
      throw new StatementError("this statement has no result set: send it to /api/v2/exec", 400)
  }
}

const toRows = (values: string[]) => values.map(value => [value])

function toResult(names: string[], rows: string[][]): Result {
  return { columns: names.map(name => ({ name, type: text })), rows }
}

/** Returns the rows of a query. A row that cannot be made ends them with an error, because the server streams. */
async function readRows(
  duckdb: Duckdb,
  sql: string,
  parameters: Parameter[],
  isSorted: boolean,
): Promise<Pick<Result, "rows" | "error">> {
  try {
    return { rows: await duckdb.read(sql, parameters) }
  } catch (cause) {
    const error = toValueError(cause)
    if (error === undefined) throw cause
    // A sort needs all rows, so none has left.
    return { rows: isSorted ? [] : await readRowsBefore(duckdb, sql, parameters), error }
  }
}

/** Returns some rows before the first failing one. DuckDB makes rows by the thousand, so the limit starts with 1. */
async function readRowsBefore(duckdb: Duckdb, sql: string, parameters: Parameter[]): Promise<Result["rows"]> {
  let rows: Result["rows"] = []
  for (let limit = 1; limit < 2 ** 31; limit *= 2) {
    try {
      rows = await duckdb.read(`SELECT * FROM (${sql}) AS failed LIMIT ${limit}`, parameters)
    } catch {
      break
    }
  }
  return rows
}
