import { refusal } from "../errors.ts"
import type { ResultColumn } from "../store/result.ts"
import type { SqlExpression } from "./sql-expression.ts"

/** A table or subquery of FROM with its name in the statement. */
export interface ScopeSource {
  alias: string
  columns: (ResultColumn & { sql: string })[]
}

/** The sources that a column name can refer to. */
export type Scope = ScopeSource[]

/** Table names and aliases are case-sensitive, column names are not. */
export function findInScope(scope: Scope, of: string | undefined, name: string): SqlExpression | undefined {
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
