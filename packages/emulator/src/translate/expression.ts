import { refusal, StatementError } from "../errors.ts"
import type { Expression } from "../parse/syntax.ts"
import type { Value } from "../store/value.ts"
import { aggregate, isAggregate } from "./aggregate.ts"
import { compare, compareAny } from "./comparison.ts"
import type { Context } from "./context.ts"
import { callFunction, cast, variable } from "./function.ts"
import { extract } from "./path.ts"
import { findInScope, type Scope } from "./scope.ts"
import {
  boolean,
  commonType,
  double,
  integer,
  nothing,
  type SqlExpression,
  text,
  toCondition,
  toText,
  toType,
  unknownMeaning,
} from "./sql-expression.ts"

/** The place of an expression in a query. */
export interface Place {
  context: Context
  scope: Scope
  /** Resolves an alias of the select list, for names that are not a column. */
  byAlias?(name: string): SqlExpression | undefined
  /** The clause in "Unknown column 'x' in 'where clause'". */
  clause: string
}

export function translate(expression: Expression, place: Place): SqlExpression {
  switch (expression.kind) {
    case "literal":
      return constant(expression.value, place.context)
    case "number":
      return number(expression.text)
    case "placeholder":
      return constant(place.context.values[expression.placeholder] ?? null, place.context)
    case "column":
      return column(expression.of, expression.name, place)
    case "not":
      return { sql: `(NOT ${condition(expression.operand, place)})`, type: boolean }
    case "logic":
      return {
        sql: `(${expression.operands.map(operand => condition(operand, place)).join(` ${expression.operator} `)})`,
        type: boolean,
      }
    case "comparison":
      return compare(
        expression.operator,
        translate(expression.left, place),
        translate(expression.right, place),
      )
    case "isNull":
      return { sql: `(${translate(expression.operand, place).sql} IS NULL)`, type: boolean }
    case "in":
      return compareAny(
        translate(expression.operand, place),
        expression.list.map(item => translate(item, place)),
      )
    case "like":
      return like(expression, place)
    case "case":
      return caseOf(expression, place)
    case "path":
      return extract(translate(expression.operand, place), [expression.key], expression.as)
    case "variable":
      return variable(expression.name, place.context)
    case "cast":
      return cast(translate(expression.operand, place), expression.to)
    case "call":
      return isAggregate(expression)
        ? aggregate(expression, operand => translate(operand, place), place.context)
        : callFunction(expression, operand => translate(operand, place), place.context)
  }
}

export function condition(expression: Expression, place: Place): string {
  return toCondition(translate(expression, place))
}

function constant(value: Value, context: Context): SqlExpression {
  if (value === null) return { sql: "NULL", type: nothing }
  if (typeof value === "boolean") return number(value ? "1" : "0")
  if (typeof value === "object") {
    throw new StatementError(
      "an object or array cannot be an argument of a query: only JSON columns take them",
      400,
    )
  }
  return {
    // Bound when it is used, because DuckDB refuses an unused parameter.
    get sql() {
      if (typeof value === "string") return context.bind(value)
      return Number.isSafeInteger(value)
        ? `CAST(${context.bind(BigInt(value))} AS BIGINT)`
        : `CAST(${context.bind(value)} AS DOUBLE)`
    },
    type: typeof value === "string" ? text : Number.isSafeInteger(value) ? integer : double,
    constant: String(value),
  }
}

function number(digits: string): SqlExpression {
  if (/^-?\d{1,38}$/.test(digits))
    return { sql: `CAST(${digits} AS HUGEINT)`, type: integer, constant: digits }
  const part = /^-?\d{1,18}\.(\d{1,18})$/.exec(digits)?.[1]
  if (part !== undefined)
    return { sql: digits, type: { kind: "decimal", digits: part.length }, constant: digits }
  return { sql: `CAST('${digits}' AS DOUBLE)`, type: double, constant: digits }
}

function column(of: string | undefined, name: string, place: Place): SqlExpression {
  const found = findInScope(place.scope, of, name) ?? (of === undefined ? place.byAlias?.(name) : undefined)
  if (found === undefined) throw refusal(1054, of === undefined ? name : `${of}.${name}`, place.clause)
  return found
}

function like({ operand, pattern }: Expression & { kind: "like" }, place: Place): SqlExpression {
  const value = translate(operand, place)
  if (value.type.kind === "json") throw unknownMeaning("LIKE over JSON: take it as text with ::$")
  // The backslash escapes in MySQL. DuckDB needs an ESCAPE clause for that.
  return { sql: `(${toText(value)} LIKE ${toText(translate(pattern, place))} ESCAPE '\\')`, type: boolean }
}

function caseOf({ whens, otherwise }: Expression & { kind: "case" }, place: Place): SqlExpression {
  const branches = whens.map(({ when, result }) => ({
    test: condition(when, place),
    value: translate(result, place),
  }))
  const rest = otherwise === undefined ? { sql: "NULL", type: nothing } : translate(otherwise, place)
  const type = commonType([...branches.map(({ value }) => value), rest])
  const cases = branches.map(({ test, value }) => `WHEN ${test} THEN ${toType(value, type)}`)
  return { sql: `(CASE ${cases.join(" ")} ELSE ${toType(rest, type)} END)`, type }
}
