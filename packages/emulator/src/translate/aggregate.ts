import { syntaxError } from "../errors.ts"
import type { Call, Expression } from "../parse/syntax.ts"
import { toExact } from "./arithmetic.ts"
import type { Context } from "./context.ts"
import { sortKey } from "./sort.ts"
import { integer, type Typed, toNumeric, unknownMeaning } from "./typed.ts"

/** How a function over many rows is translated. */
interface Rule {
  least: number
  most: number
  /** Whether it groups rows without OVER; the others are window functions only. */
  groups: boolean
  /** `distinct` and `over` are SQL that goes into the call and behind it, often empty. */
  make(value: Typed, distinct: string, over: string, values: Typed[]): Typed
}

const ofOne = { least: 1, most: 1, groups: true }
const ofNone = { least: 0, most: 0, groups: false }

/** Every aggregate and window function: adding one is one line. */
const rules: Record<string, Rule> = {
  COUNT: {
    ...ofOne,
    make: ({ sql }, distinct, over) => ({ sql: `count(${distinct}${sql})${over}`, type: integer }),
  },
  APPROX_COUNT_DISTINCT: {
    ...ofOne,
    make: ({ sql }, _distinct, over) => ({ sql: `approx_count_distinct(${sql})${over}`, type: integer }),
  },
  SUM: {
    ...ofOne,
    make(value, distinct, over) {
      const { sql, type } = toNumeric(value)
      return { sql: `sum(${distinct}${sql})${over}`, type }
    },
  },
  AVG: {
    ...ofOne,
    make(value, distinct, over) {
      const { sql, type } = toNumeric(value)
      const average = `avg(${distinct}CAST(${sql} AS DOUBLE))${over}`
      return type.kind === "double" ? { sql: average, type } : toExact(average, type.digits)
    },
  },
  MIN: { ...ofOne, make: extreme("min") },
  MAX: { ...ofOne, make: extreme("max") },
  ROW_NUMBER: {
    ...ofNone,
    make: (_value, _distinct, over) => ({ sql: `row_number()${over}`, type: integer }),
  },
  RANK: {
    ...ofNone,
    make: (_value, _distinct, over) => ({ sql: `rank()${over}`, type: integer }),
  },
  LAG: { least: 1, most: 2, groups: false, make: neighbour("lag") },
  LEAD: { least: 1, most: 2, groups: false, make: neighbour("lead") },
  FIRST_VALUE: { least: 1, most: 1, groups: false, make: neighbour("first_value") },
  LAST_VALUE: { least: 1, most: 1, groups: false, make: neighbour("last_value") },
}

export function isAggregate(call: Call): boolean {
  return Object.hasOwn(rules, call.name)
}

export function aggregate(call: Call, translate: (operand: Expression) => Typed, context: Context): Typed {
  const rule = rules[call.name]
  const isEverything = call.arguments === "*" && call.name === "COUNT" && !call.distinct
  if (rule === undefined || (call.arguments === "*" && !isEverything)) throw syntaxError(context.sql, call.at)
  if (call.over === undefined && !rule.groups)
    throw syntaxError(context.sql, call.at, `${call.name} needs OVER`)
  const values = call.arguments === "*" ? [{ sql: "*", type: integer }] : call.arguments.map(translate)
  if (values.length < rule.least || values.length > rule.most) {
    throw syntaxError(context.sql, call.at, `wrong number of arguments for ${call.name}`)
  }
  if (call.distinct && !rule.groups) throw syntaxError(context.sql, call.at)
  return rule.make(
    values[0] ?? { sql: "", type: integer },
    call.distinct ? "DISTINCT " : "",
    over(call, translate),
    values,
  )
}

function over({ over: window }: Call, translate: (operand: Expression) => Typed): string {
  if (window === undefined) return ""
  const partition = window.partitionBy.map(expression => translate(expression).sql).join(", ")
  const order = window.orderBy.map(item => sortKey(translate(item.expression), item.descending)).join(", ")
  return ` OVER (${partition && `PARTITION BY ${partition} `}${order && `ORDER BY ${order}`})`
}

function extreme(name: "min" | "max"): Rule["make"] {
  return (value, _distinct, over) => {
    if (value.type.kind === "json") throw unknownMeaning("an order of JSON values")
    const { sql, type } = value.type.kind === "boolean" ? toNumeric(value) : value
    return { sql: `${name}(${sql})${over}`, type }
  }
}

function neighbour(name: string): Rule["make"] {
  return (value, _distinct, over, [, distance]) => {
    const rows = distance === undefined ? "" : `, CAST(${toNumeric(distance).sql} AS BIGINT)`
    return { sql: `${name}(${value.sql}${rows})${over}`, type: value.type }
  }
}
