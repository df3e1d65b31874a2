import { refusal } from "../errors.ts"
import type { ResultColumn } from "../store/result.ts"
import type { Typed } from "./typed.ts"

/** A table or subquery of FROM: the name that the statement knows it by, and its columns in DuckDB's SQL. */
export interface ScopeSource {
  alias: string
  columns: (ResultColumn & { sql: string })[]
}

/** The columns that a name can mean, table by table. */
export type Scope = ScopeSource[]

/** Table names and aliases differ by case, column names do not. */
export function findInScope(scope: Scope, of: string | undefined, name: string): Typed | undefined {
  const lower = name.toLowerCase()
  const sources = of === undefined ? scope : scope.filter(source => source.alias === of)
  const found = sources.flatMap(source =>
    source.columns.filter(column => column.name.toLowerCase() === lower),
  )
  if (found.length > 1) throw refusal(1052, of === undefined ? name : `${of}.${name}`)
  return found[0]
}

export function addToScope(scope: Scope, source: ScopeSource): void {
  if (scope.some(({ alias }) => alias === source.alias)) throw refusal(1066, source.alias)
  scope.push(source)
}
