import type { Query } from "../parse/syntax.ts"
import type { Catalog } from "../store/catalog.ts"
import type { Parameter } from "../store/duckdb.ts"
import { toWellFormed } from "../store/json.ts"
import type { ResultColumn } from "../store/result.ts"
import type { Value } from "../store/value.ts"

/** What the translation of one statement shares. */
export interface StatementContext {
  readonly sql: string
  readonly catalog: Catalog
  /** The database of unqualified names. */
  readonly database: string | undefined
  /** The arguments of the request. */
  readonly values: Value[]
  /** Who asks, as CURRENT_USER() gives it. */
  readonly user: string
  /** The views that are being read, outermost first, so that none of them reads itself. */
  readonly views: readonly string[]
  /** Refuses a table that the user may not read. */
  checkAccess(table: string): void
  /** The values that go to DuckDB, `$1` first. */
  readonly parameters: Parameter[]
  /** The SQL of a bound value. Equal values share a parameter, so that equal expressions stay equal to DuckDB. */
  bind(value: Parameter): string
  /** A name that nothing else in the statement has. */
  alias(): string
  /** One moment for the whole statement. */
  readonly now: string
}

/** What the translation of one query has: its statement, and the queries around and inside it. */
export interface Context extends StatementContext {
  /** The names that WITH has given so far: how DuckDB knows them. */
  readonly tables: ReadonlyMap<string, Translated>
  /** Translates a query that stands inside this one, or the query of a view, which has a context of its own. */
  query(inner: Query, within?: StatementContext): Translated
}

/** DuckDB's SQL for a query, whose columns are named c1, c2 … there. */
export interface Translated {
  sql: string
  columns: ResultColumn[]
}

/** What the engine knows about a statement. */
type Given = Pick<
  StatementContext,
  "sql" | "catalog" | "database" | "values" | "user" | "views" | "checkAccess"
>

export function createStatementContext(given: Given): StatementContext {
  const parameters: Parameter[] = []
  let aliases = 0
  return {
    ...given,
    parameters,
    bind(value) {
      const bound = typeof value === "string" ? toWellFormed(value) : value
      const known = parameters.indexOf(bound)
      return `$${known === -1 ? parameters.push(bound) : known + 1}`
    },
    alias: () => `r${++aliases}`,
    now: new Date().toISOString().slice(0, 23).replace("T", " "),
  }
}
