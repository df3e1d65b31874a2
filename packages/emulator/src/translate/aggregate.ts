import { syntaxError } from "../errors.ts"
import type { Call, Expression } from "../parse/syntax.ts"
import type { Context } from "./context.ts"
import { integer, nothing, type SqlExpression, sortKey, toNumeric, unknownMeaning } from "./sql-expression.ts"

/** The translation of a function over many rows. */
interface Rule {
  least: number
  most: number
  /** Whether the function needs OVER. */
  needsWindow: boolean
  /** Translates the call without OVER. `distinct` is SQL inside the call, and can be empty. */
  make(values: SqlExpression[], distinct: string): SqlExpression
}

/** The aggregate and window functions. A new function is one line. */
const rules: Record<string, Rule> = {
  COUNT: group((value, distinct) => ({ sql: `count(${distinct}${value.sql})`, type: integer })),
  SUM: group((value, distinct) => {
    const { sql, type } = toNumeric(value)
    return { sql: `sum(${distinct}${sql})`, type }
  }),
  MIN: group(value => extreme("min", value)),
  MAX: group(value => extreme("max", value)),
  ROW_NUMBER: window(0, 0, "row_number"),
  RANK: window(0, 0, "rank"),
  LAG: window(1, 2, "lag"),
  LEAD: window(1, 2, "lead"),
  FIRST_VALUE: window(1, 1, "first_value"),
  LAST_VALUE: window(1, 1, "last_value"),
}

export function isAggregate(call: Call): boolean {
  return Object.hasOwn(rules, call.name)
}

export function aggregate(
  call: Call,
  translate: (operand: Expression) => SqlExpression,
  context: Context,
): SqlExpression {
  const rule = rules[call.name]
  const isCountAll = call.arguments === "*" && call.name === "COUNT" && !call.distinct
  if (rule === undefined || (call.arguments === "*" && !isCountAll)) throw syntaxError(context.sql, call.at)
  if (call.over === undefined && rule.needsWindow)
    throw syntaxError(context.sql, call.at, `${call.name} needs OVER`)
  const values = call.arguments === "*" ? [{ sql: "*", type: integer }] : call.arguments.map(translate)
  if (values.length < rule.least || values.length > rule.most) {
    throw syntaxError(context.sql, call.at, `wrong number of arguments for ${call.name}`)
  }
  if (call.distinct && rule.needsWindow) throw syntaxError(context.sql, call.at)
  const { sql, type } = rule.make(values, call.distinct ? "DISTINCT " : "")
  return { sql: sql + over(call, translate), type }
}

function over({ over: window }: Call, translate: (operand: Expression) => SqlExpression): string {
  if (window === undefined) return ""
  const partition = window.partitionBy.map(expression => translate(expression).sql).join(", ")
  const order = window.orderBy.map(item => sortKey(translate(item.expression), item.descending)).join(", ")
  return ` OVER (${partition && `PARTITION BY ${partition} `}${order && `ORDER BY ${order}`})`
}

function group(make: (value: SqlExpression, distinct: string) => SqlExpression): Rule {
  return {
    ...{ least: 1, most: 1, needsWindow: false },
    make: ([value = { sql: "NULL", type: nothing }], distinct) => make(value, distinct),
  }
}

function window(least: number, most: number, name: string): Rule {
  return {
    ...{ least, most, needsWindow: true },
    make([value, distance]) {
      const rows = distance === undefined ? "" : `, CAST(${toNumeric(distance).sql} AS BIGINT)`
      return { sql: `${name}(${value?.sql ?? ""}${rows})`, type: value?.type ?? integer }
    },
  }
}

function extreme(name: "min" | "max", value: SqlExpression): SqlExpression {
  if (value.type.kind === "json") throw unknownMeaning("an order of JSON values")
  const { sql, type } = value.type.kind === "boolean" ? toNumeric(value) : value
  return { sql: `${name}(${sql})`, type }
}
