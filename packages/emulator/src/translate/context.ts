import type { Call, Dependencies } from "../call.ts"
import type { Query } from "../parse/syntax.ts"
import type { Catalog } from "../store/catalog.ts"
import type { Parameter } from "../store/duckdb.ts"
import { toWellFormed } from "../store/json.ts"
import type { ResultColumn } from "../store/result.ts"
import type { Value } from "../store/value.ts"

/** The state of the translation of one statement. */
export interface StatementContext {
  readonly sql: string
  readonly catalog: Catalog
  /** The database of unqualified names. */
  readonly database: string | undefined
  /** The arguments of the request. */
  readonly values: Value[]
  /** The views that contain the query, outermost first. They reveal a view that reads itself. */
  readonly views: readonly string[]
  /** Refuses a table without the privilege SELECT. */
  checkAccess(table: string): void
  /** The parameters for DuckDB, from `$1` on. */
  readonly parameters: Parameter[]
  /** Returns the SQL of a parameter. Equal values share one, so that equal expressions stay equal for DuckDB. */
  bind(value: Parameter): string
  /** Returns a new name within the statement. */
  alias(): string
}

/** The state of the translation of one query. */
export interface Context extends StatementContext {
  /** The queries of WITH by name. */
  readonly tables: ReadonlyMap<string, Translated>
  /** Translates an inner query, or the query of a view, which has its own context. */
  query(inner: Query, within?: StatementContext): Translated
}

/** A query in DuckDB's SQL, with the columns c1, c2, and so on. */
export interface Translated {
  sql: string
  columns: ResultColumn[]
}

/** `views` are the views that contain the query. */
export function createContext(
  { sql, values, database }: Call,
  { catalog, grants }: Dependencies,
  views: readonly string[] = [],
): StatementContext {
  const parameters: Parameter[] = []
  let aliases = 0
  return {
    ...{ sql, values, database, catalog, views, parameters },
    checkAccess: table => grants.check("SELECT", table),
    bind(value) {
      const bound = typeof value === "string" ? toWellFormed(value) : value
      const known = parameters.indexOf(bound)
      return `$${known === -1 ? parameters.push(bound) : known + 1}`
    },
    alias: () => `r${++aliases}`,
  }
}
