import { refusal, StatementError } from "../errors.ts"
import type { Expression, Query } from "../parse/syntax.ts"
import type { Value } from "../store/value.ts"
import { aggregate, isAggregate } from "./aggregate.ts"
import { arithmetic, negative } from "./arithmetic.ts"
import { cast } from "./cast.ts"
import { compare, compareAny } from "./comparison.ts"
import type { Context } from "./context.ts"
import { callFunction } from "./function.ts"
import { extract } from "./path.ts"
import { findInScope, type Scope } from "./scope.ts"
import {
  boolean,
  commonType,
  double,
  integer,
  nothing,
  type Typed,
  text,
  toCondition,
  toText,
  toType,
  unknownMeaning,
} from "./typed.ts"
import { variable } from "./variable.ts"

/** Where an expression stands. */
export interface Place {
  context: Context
  scope: Scope
  /** What a name means that no column has: an alias of the select list. */
  byAlias?(name: string): Typed | undefined
  /** The clause, for "Unknown column 'x' in 'where clause'". */
  clause: string
}

export function translate(expression: Expression, place: Place): Typed {
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
    case "negative":
      return negative(translate(expression.operand, place))
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
    case "arithmetic":
      return arithmetic(
        expression.operator,
        translate(expression.left, place),
        translate(expression.right, place),
      )
    case "isNull":
      return { sql: `(${translate(expression.operand, place).sql} IS NULL)`, type: boolean }
    case "in":
      return inList(expression, place)
    case "between":
      return between(expression, place)
    case "like":
      return like(expression, place)
    case "case":
      return caseOf(expression, place)
    case "path":
      return extract(translate(expression.operand, place), [expression.key], expression.as)
    case "variable":
      return variable(expression.name, place.context)
    case "cast":
      return cast(translate(expression.operand, place), expression.to, place.context)
    case "call":
      return isAggregate(expression)
        ? aggregate(expression, operand => translate(operand, place), place.context)
        : callFunction(expression, operand => translate(operand, place), place.context)
  }
}

export function condition(expression: Expression, place: Place): string {
  return toCondition(translate(expression, place))
}

function constant(value: Value, context: Context): Typed {
  if (value === null) return { sql: "NULL", type: nothing }
  if (typeof value === "boolean") return number(value ? "1" : "0")
  if (typeof value === "object") {
    throw new StatementError(
      "an object or array cannot be an argument of a query: only JSON columns take them",
      400,
    )
  }
  return {
    // Bound when it is used: DuckDB refuses a parameter that stands nowhere.
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

function number(digits: string): Typed {
  if (/^\d{1,38}$/.test(digits)) return { sql: `CAST(${digits} AS HUGEINT)`, type: integer, constant: digits }
  const part = /^\d{1,18}\.(\d{1,18})$/.exec(digits)?.[1]
  if (part !== undefined)
    return { sql: digits, type: { kind: "decimal", digits: part.length }, constant: digits }
  return { sql: `CAST('${digits}' AS DOUBLE)`, type: double, constant: digits }
}

function column(of: string | undefined, name: string, place: Place): Typed {
  const found = findInScope(place.scope, of, name) ?? (of === undefined ? place.byAlias?.(name) : undefined)
  if (found === undefined) throw refusal(1054, of === undefined ? name : `${of}.${name}`, place.clause)
  return found
}

function inList({ operand, list }: Expression & { kind: "in" }, place: Place): Typed {
  const left = translate(operand, place)
  if (Array.isArray(list))
    return compareAny(
      left,
      list.map(item => translate(item, place)),
    )
  const right = oneColumn(list, place.context)
  if (left.type.kind !== right.type.kind) throw unknownMeaning("IN with a subquery of another type: use CAST")
  return { sql: `(${left.sql} IN (${right.sql}))`, type: boolean }
}

function oneColumn(query: Query, context: Context): Typed {
  const { sql, columns } = context.query(query)
  const [column] = columns
  if (column === undefined || columns.length > 1) throw refusal(1241, 1)
  return { sql, type: column.type }
}

function between({ operand, low, high }: Expression & { kind: "between" }, place: Place): Typed {
  const value = translate(operand, place)
  const above = compare(">=", value, translate(low, place))
  const below = compare("<=", value, translate(high, place))
  return { sql: `(${above.sql} AND ${below.sql})`, type: boolean }
}

function like({ operand, pattern }: Expression & { kind: "like" }, place: Place): Typed {
  const value = translate(operand, place)
  if (value.type.kind === "json") throw unknownMeaning("LIKE over JSON: take it as text with ::$")
  // In MySQL the backslash escapes without being asked to; DuckDB has to be asked.
  return { sql: `(${toText(value)} LIKE ${toText(translate(pattern, place))} ESCAPE '\\')`, type: boolean }
}

function caseOf({ of, whens, otherwise }: Expression & { kind: "case" }, place: Place): Typed {
  const subject = of && translate(of, place)
  const tests = whens.map(({ when }) =>
    subject === undefined ? condition(when, place) : compare("=", subject, translate(when, place)).sql,
  )
  const results = whens.map(({ result }) => translate(result, place))
  const rest = otherwise === undefined ? { sql: "NULL", type: nothing } : translate(otherwise, place)
  const type = commonType([...results, rest])
  const branches = results.map((result, index) => `WHEN ${tests[index]} THEN ${toType(result, type)}`)
  return { sql: `(CASE ${branches.join(" ")} ELSE ${toType(rest, type)} END)`, type }
}
