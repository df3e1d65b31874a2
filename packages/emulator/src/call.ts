import type { Grants } from "./grants.ts"
import type { Catalog } from "./store/catalog.ts"
import type { Duckdb } from "./store/duckdb.ts"
import type { Value } from "./store/value.ts"

/** A statement with its arguments. */
export interface Call {
  sql: string
  values: Value[]
  /** The database of unqualified names. */
  database: string | undefined
  /** Whether the grants of the user apply. Without HTTP everything is allowed. */
  overHttp?: boolean
}

/** What the statements work with. */
export interface Dependencies {
  duckdb: Duckdb
  catalog: Catalog
  grants: Grants
  insertIgnoreCoerces: boolean
}
