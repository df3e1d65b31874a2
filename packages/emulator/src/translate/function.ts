import { refusal, syntaxError } from "../errors.ts"
import type { Call, CastType, Expression } from "../parse/syntax.ts"
import { compare } from "./comparison.ts"
import type { Context } from "./context.ts"
import { document, extract, key } from "./path.ts"
import {
  commonType,
  double,
  integer,
  type SqlExpression,
  text,
  toNumeric,
  toText,
  toType,
  unknownMeaning,
} from "./sql-expression.ts"

/** The translation of a function, and the number of its arguments. */
interface Rule {
  least: number
  most: number
  make(values: SqlExpression[]): SqlExpression
}

/** The functions that are not aggregates. A new function is one line. */
const rules: Record<string, Rule> = {
  COALESCE: many(1, coalesce),
  NULLIF: rule(2, (a, b) => ({
    sql: `(CASE WHEN ${compare("=", a, b).sql} THEN NULL ELSE ${a.sql} END)`,
    type: a.type,
  })),
  LENGTH: rule(1, value => ({ sql: `strlen(${plain(value)})`, type: integer })),
  CHAR_LENGTH: rule(1, value => ({ sql: `length(${plain(value)})`, type: integer })),
  LOWER: rule(1, value => ({ sql: `lower(${plain(value)})`, type: text })),
  // DuckDB's concat() ignores NULL, but || does not.
  CONCAT: many(1, values => ({ sql: `(${values.map(plain).join(" || ")})`, type: text })),
  JSON_EXTRACT_STRING: many(2, ([value, ...keys]) => extract(value, keys.map(key), "text")),
  JSON_EXTRACT_JSON: many(2, ([value, ...keys]) => extract(value, keys.map(key), "json")),
  JSON_EXTRACT_DOUBLE: many(2, ([value, ...keys]) => extract(value, keys.map(key), "double")),
  JSON_EXTRACT_BIGINT: many(2, ([value, ...keys]) => {
    const json = extract(value, keys.map(key), "json")
    // As documented, fractions are rounded, and anything but a number is 0. JSON null and a missing key are NULL.
    const isValue = `json_type(${json.sql}) <> 'NULL'`
    return {
      sql: `CASE WHEN ${isValue} THEN CAST(round(coalesce(${toNumeric(json).sql}, 0)) AS BIGINT) END`,
      type: integer,
    }
  }),
  JSON_LENGTH: rule(1, value => {
    const sql = document(value)
    return {
      sql: `(CASE json_type(${sql}) WHEN 'ARRAY' THEN json_array_length(${sql}) WHEN 'OBJECT' THEN len(json_keys(${sql})) END)`,
      type: integer,
    }
  }),
}

export function callFunction(
  call: Call,
  translate: (operand: Expression) => SqlExpression,
  context: Context,
): SqlExpression {
  const found = Object.hasOwn(rules, call.name) ? rules[call.name] : undefined
  if (found === undefined || call.arguments === "*" || call.distinct || call.over !== undefined) {
    throw syntaxError(context.sql, call.at)
  }
  const { length } = call.arguments
  if (length < found.least || length > found.most) {
    throw syntaxError(context.sql, call.at, `wrong number of arguments for ${call.name}`)
  }
  return found.make(call.arguments.map(translate))
}

function rule(count: 1 | 2, make: (...values: [SqlExpression, SqlExpression]) => SqlExpression): Rule {
  return { least: count, most: count, make: values => make(...(values as [SqlExpression, SqlExpression])) }
}

function many(least: number, make: Rule["make"]): Rule {
  return { least, most: 100, make }
}

function plain(value: SqlExpression): string {
  if (value.type.kind === "json") throw unknownMeaning("text functions over JSON: take it as text with ::$")
  return toText(value)
}

function coalesce(values: SqlExpression[]): SqlExpression {
  const type = commonType(values)
  return { sql: `coalesce(${values.map(value => toType(value, type)).join(", ")})`, type }
}

/** The engine variables that clients use to identify the server. */
const variables: Record<string, string> = {
  // The version of MySQL that the engine is compatible with.
  version: "5.7.32",
  memsql_version: "9.0.23",
  version_comment: "SingleStoreDB, emulated by @singlesink/emulator",
  time_zone: "SYSTEM",
  system_time_zone: "UTC",
}

export function variable(name: string, { bind }: Context): SqlExpression {
  const value = Object.hasOwn(variables, name.toLowerCase()) ? variables[name.toLowerCase()] : undefined
  if (value === undefined) throw refusal(1193, name)
  return { sql: bind(value), type: text }
}

/** DuckDB refuses text that is not entirely a number. */
export function cast(value: SqlExpression, to: CastType): SqlExpression {
  const { kind } = value.type
  const source = kind === "json" ? `CAST(${value.sql} AS VARCHAR)` : toText(value)
  if (to === "CHAR") return { sql: source, type: text }
  if (to === "DOUBLE") return { sql: `CAST(${source} AS DOUBLE)`, type: double }
  // Text loses its fraction, and numbers are rounded.
  const whole = `${kind === "text" ? "trunc" : "round"}(CAST(${source} AS DECIMAL(38, 9)))`
  return { sql: `CAST(${whole} AS BIGINT)`, type: integer }
}
