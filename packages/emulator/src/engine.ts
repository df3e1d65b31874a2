import type { Call, Dependencies } from "./call.ts"
import { fromDuckdb } from "./errors.ts"
import { execute } from "./execute.ts"
import { createGrants, type Privilege, privileges } from "./grants.ts"
import { parse } from "./parse/statement.ts"
import type { Statement } from "./parse/syntax.ts"
import { query } from "./query.ts"
import { openCatalog } from "./store/catalog.ts"
import { openDuckdb } from "./store/duckdb.ts"
import { isInformationSchema } from "./store/information-schema.ts"
import type { Result } from "./store/result.ts"

/** Runs statements one at a time. Each is stored as a whole or not at all. */
export interface Engine {
  /** Runs a statement without a result, and returns the number of rows stored or removed. */
  execute(call: Call): Promise<number>
  /** Runs a statement with a result. */
  query(call: Call): Promise<Result>
  /** Waits for the running statement, then closes the file. */
  close(): Promise<void>
}

export interface EngineOptions {
  file: string | undefined
  databases: string[]
  username: string
  grants: readonly Privilege[] | undefined
  insertIgnoreCoerces: boolean
}

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { file, databases, username, insertIgnoreCoerces } = options
  const duckdb = await openDuckdb(file)
  const catalog = await openCatalog(duckdb, databases).catch(error => {
    duckdb.close()
    throw error
  })
  const userGrants = createGrants(username, options.grants ?? privileges)
  const allGrants = { ...createGrants(username, privileges), show: userGrants.show }

  const shared = { duckdb, catalog, insertIgnoreCoerces }

  let last: Promise<unknown> = Promise.resolve()
  /** Queues the statements, because a transaction on the one connection must not mix with another statement. */
  const runInTurn = <Outcome>(
    call: Call,
    run: (statement: Statement, call: Call, dependencies: Dependencies) => Promise<Outcome>,
  ): Promise<Outcome> => {
    const result = last
      .then(() => {
        // The database must exist even if the statement does not need it.
        if (call.database !== undefined && !isInformationSchema(call.database))
          catalog.database(call.database)
        const statement = parse(call.sql, call.values.length)
        return run(statement, call, { ...shared, grants: call.overHttp ? userGrants : allGrants })
      })
      .catch(error => {
        throw fromDuckdb(error)
      })
    last = result.catch(() => {})
    return result
  }

  return {
    execute: call => runInTurn(call, execute),
    query: call => runInTurn(call, query),
    async close() {
      await last
      duckdb.close()
    },
  }
}
