import { fromDuckdb, refusal, StatementError } from "./errors.ts"
import { parse } from "./parse/statement.ts"
import type { Statement } from "./parse/syntax.ts"
import { type Catalog, openCatalog } from "./store/catalog.ts"
import { type Duckdb, openDuckdb } from "./store/duckdb.ts"
import { insertRows } from "./store/insert.ts"
import { toRowsJson } from "./store/result.ts"
import { toTable } from "./store/table.ts"
import type { Value } from "./store/value.ts"
import { isInformationSchema } from "./store/virtual.ts"
import { createStatementContext } from "./translate/context.ts"
import { translateQuery } from "./translate/query.ts"
import { text } from "./translate/typed.ts"

/** A statement with its arguments, and the database of its unqualified names. */
interface Call {
  sql: string
  values: Value[]
  database: string | undefined
}

/** Runs statements one at a time; each is stored as a whole or not at all. */
export interface Engine {
  /** A statement without a result: how many rows it stored. */
  execute(call: Call): Promise<number>
  /** A statement with a result: its rows as JSON text. */
  query(call: Call): Promise<string>
  /** Waits for the statement that runs, then lets go of the file. */
  close(): Promise<void>
}

export async function openEngine(file: string | undefined, databases: string[]): Promise<Engine> {
  const duckdb = await openDuckdb(file)
  const catalog = await openCatalogWith(duckdb, databases).catch(error => {
    duckdb.close()
    throw error
  })

  let last: Promise<unknown> = Promise.resolve()
  /** There is one connection, and a transaction on it must not be mixed with another statement. */
  const inTurn = <Result>(call: Call, work: (statement: Statement) => Promise<Result>): Promise<Result> => {
    const result = last
      .then(() => {
        // It has to exist even where the statement does not need it.
        if (call.database !== undefined && !isInformationSchema(call.database))
          catalog.database(call.database)
        return work(parse(call.sql, call.values.length))
      })
      .catch(error => {
        throw fromDuckdb(error)
      })
    last = result.catch(() => {})
    return result
  }

  return {
    execute: call => inTurn(call, statement => execute(duckdb, catalog, statement, call)),
    query: call => inTurn(call, statement => query(duckdb, catalog, statement, call)),
    async close() {
      await last
      duckdb.close()
    },
  }
}

async function openCatalogWith(duckdb: Duckdb, databases: string[]): Promise<Catalog> {
  const catalog = await openCatalog(duckdb)
  for (const name of databases) if (!catalog.hasDatabase(name)) await catalog.createDatabase(name)
  return catalog
}

async function execute(duckdb: Duckdb, catalog: Catalog, statement: Statement, call: Call): Promise<number> {
  switch (statement.kind) {
    case "insert":
      return insertRows(duckdb, catalog.table(statement.table, call.database), statement, call.values)
    case "createTable": {
      const database = catalog.database(statement.table.database ?? call.database)
      const exists = catalog.findTable(statement.table, database) !== undefined
      if (exists && !statement.ifNotExists) throw refusal(1050, statement.table.name)
      if (!exists) await catalog.createTable(toTable(statement, database))
      return 0
    }
    case "dropTable": {
      const found = catalog.findTable(statement.table, call.database)
      if (found !== undefined) await catalog.dropTable(found)
      else if (!statement.ifExists) throw refusal(1051, statement.table.name)
      return 0
    }
    case "createDatabase": {
      const exists = catalog.hasDatabase(statement.name) || isInformationSchema(statement.name)
      if (exists && !statement.ifNotExists) throw refusal(1007, statement.name)
      if (!exists) await catalog.createDatabase(statement.name)
      return 0
    }
    case "dropDatabase": {
      const exists = catalog.hasDatabase(statement.name)
      if (exists) await catalog.dropDatabase(statement.name)
      else if (!statement.ifExists) throw refusal(1008, statement.name)
      return 0
    }
    default:
      throw new StatementError("this statement has a result set: send it to /api/v2/query/rows", 400)
  }
}

async function query(duckdb: Duckdb, catalog: Catalog, statement: Statement, call: Call): Promise<string> {
  switch (statement.kind) {
    case "select": {
      const context = createStatementContext(call.sql, catalog, call.database, call.values)
      const { sql, columns } = translateQuery(statement.query, context)
      return toRowsJson(columns, await duckdb.read(sql, context.parameters))
    }
    case "showDatabases":
      return names("Database", catalog.databases())
    case "showTables": {
      const database = catalog.database(statement.database ?? call.database)
      const tables = catalog.tables().filter(table => table.database === database)
      return names(`Tables_in_${database}`, tables.map(table => table.name).sort())
    }
    default:
      throw new StatementError("this statement has no result set: send it to /api/v2/exec", 400)
  }
}

function names(column: string, values: string[]): string {
  return toRowsJson(
    [{ name: column, type: text }],
    values.map(value => [value]),
  )
}
