import { fromDuckdb } from "./errors.ts"
import { execute } from "./execute.ts"
import { createGrants, type Grants, type Privilege, privileges } from "./grants.ts"
import { parse } from "./parse/statement.ts"
import type { Statement } from "./parse/syntax.ts"
import { query } from "./query.ts"
import { type Catalog, openCatalog } from "./store/catalog.ts"
import { type Duckdb, openDuckdb } from "./store/duckdb.ts"
import type { Result } from "./store/result.ts"
import type { Value } from "./store/value.ts"
import { isInformationSchema } from "./store/virtual.ts"
import { createStatementContext, type StatementContext } from "./translate/context.ts"

/** A statement with its arguments, and the database of its unqualified names. */
export interface Call {
  sql: string
  values: Value[]
  database: string | undefined
  /** Whether the user's grants bind it. What does not come over HTTP may do everything. */
  overHttp?: boolean
}

/** Runs statements one at a time; each is stored as a whole or not at all. */
export interface Engine {
  /** A statement without a result: how many rows it stored or removed. */
  execute(call: Call): Promise<number>
  /** A statement with a result. */
  query(call: Call): Promise<Result>
  /** Waits for the statement that runs, then lets go of the file. */
  close(): Promise<void>
}

export interface EngineOptions {
  /** In memory where there is none. */
  file: string | undefined
  /** Made where they are missing. */
  databases: string[]
  username: string
  /** All of them where undefined. */
  grants: readonly Privilege[] | undefined
  /** Whether INSERT IGNORE makes values fit. */
  ignoreSoftens: boolean
}

/** What a statement works with. */
export interface Workings {
  duckdb: Duckdb
  catalog: Catalog
  grants: Grants
  ignoreSoftens: boolean
  /** For the translation of a statement, or of the query of a view that is being made. */
  context(call: Call, views?: string[]): StatementContext
}

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { file, databases, username, ignoreSoftens } = options
  const duckdb = await openDuckdb(file)
  const catalog = await openCatalogWith(duckdb, databases).catch(error => {
    duckdb.close()
    throw error
  })
  const granted = createGrants(username, options.grants ?? privileges)
  const everything: Grants = { ...createGrants(username, privileges), show: granted.show }

  const workingsOf = (grants: Grants): Workings => ({
    duckdb,
    catalog,
    grants,
    ignoreSoftens,
    context: ({ sql, values, database }, views = []) =>
      createStatementContext({
        sql,
        catalog,
        database,
        values,
        views,
        user: grants.user,
        checkAccess: table => grants.check("SELECT", table),
      }),
  })
  const [ofUser, ofOwner] = [workingsOf(granted), workingsOf(everything)]

  let last: Promise<unknown> = Promise.resolve()
  /** There is one connection, and a transaction on it must not be mixed with another statement. */
  const inTurn = <Outcome>(
    call: Call,
    work: (statement: Statement, call: Call, workings: Workings) => Promise<Outcome>,
  ): Promise<Outcome> => {
    const result = last
      .then(() => {
        // It has to exist even where the statement does not need it.
        if (call.database !== undefined && !isInformationSchema(call.database))
          catalog.database(call.database)
        const statement = parse(call.sql, call.values.length)
        return work(statement, call, call.overHttp ? ofUser : ofOwner)
      })
      .catch(error => {
        throw fromDuckdb(error)
      })
    last = result.catch(() => {})
    return result
  }

  return {
    execute: call => inTurn(call, execute),
    query: call => inTurn(call, query),
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
