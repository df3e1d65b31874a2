import { refusal, type StatementError } from "../errors.ts"
import { isNumber } from "../store/number.ts"
import { readTime, zeroDate } from "../store/time.ts"
import type { Kind, ValueType } from "../store/type.ts"

/** An expression in DuckDB's SQL with its type in SingleStore. */
export interface SqlExpression {
  sql: string
  type: ValueType
  /** The text or number of a literal or an argument. Other values are unknown before the query runs. */
  constant?: string
}

export const integer: ValueType = { kind: "integer", digits: 0 }
export const boolean: ValueType = { kind: "boolean", digits: 0 }
export const double: ValueType = { kind: "double", digits: 0 }
export const text: ValueType = { kind: "text", digits: 0 }
export const json: ValueType = { kind: "json", digits: 0 }
export const nothing: ValueType = { kind: "null", digits: 0 }

/** Refuses SQL that parses, but whose meaning is not certain. */
export function unknownMeaning(why: string): StatementError {
  return refusal(1064, `the emulator does not know ${why}`)
}

const numbers: Kind[] = ["boolean", "integer", "decimal", "double"]

export function isNumeric({ type }: SqlExpression): boolean {
  return numbers.includes(type.kind)
}

export function isTime({ type }: SqlExpression): boolean {
  return type.kind === "date" || type.kind === "datetime"
}

/** A condition of WHERE, AND or CASE. A number is true unless it is 0. */
export function toCondition(value: SqlExpression): string {
  if (value.type.kind === "boolean") return value.sql
  if (value.type.kind === "null") return "CAST(NULL AS BOOLEAN)"
  if (!isNumeric(value))
    throw unknownMeaning(`when a ${value.type.kind} value is true: compare it with something`)
  return `(${value.sql} <> 0)`
}

/** Converts to a number that DuckDB can calculate with. */
export function toNumeric(value: SqlExpression): SqlExpression {
  const { kind } = value.type
  if (kind === "boolean") return { sql: `CAST(${value.sql} AS BIGINT)`, type: integer }
  if (isNumeric(value) || kind === "null") return value
  if (value.constant !== undefined && isNumber(value.constant)) {
    return { sql: `CAST(${value.sql} AS DOUBLE)`, type: double }
  }
  if (kind === "json") return { sql: jsonNumber(value.sql), type: double }
  throw unknownMeaning(`${value.sql.startsWith("$") ? "this" : `a ${kind} value`} as a number: use CAST`)
}

/** Converts true and false to 1 and 0, and anything but numbers to NULL. */
function jsonNumber(sql: string): string {
  return `(CASE json_type(${sql}) WHEN 'BOOLEAN' THEN CAST(CAST(${sql} AS BOOLEAN) AS DOUBLE) WHEN 'DOUBLE' THEN CAST(${sql} AS DOUBLE) WHEN 'BIGINT' THEN CAST(${sql} AS DOUBLE) WHEN 'UBIGINT' THEN CAST(${sql} AS DOUBLE) END)`
}

/** Converts to a time. Text must be constant, so that a wrong one is refused and not NULL. */
export function toTime(value: SqlExpression): SqlExpression {
  if (isTime(value) || value.type.kind === "null") return value
  if (value.constant === undefined) throw unknownMeaning(`a ${value.type.kind} value as a time: use CAST`)
  if (readTime(value.constant) === undefined) {
    throw refusal(1292, "datetime", value.constant.slice(0, 64), "")
  }
  return { sql: `CAST(${value.sql} AS TIMESTAMP)`, type: { kind: "datetime", digits: 6 } }
}

export function toText(value: SqlExpression): string {
  const { kind, digits } = value.type
  if (kind === "boolean") return `CAST(CAST(${value.sql} AS BIGINT) AS VARCHAR)`
  // The engine writes 1 instead of DuckDB's 1.0.
  if (kind === "double") return `regexp_replace(CAST(${value.sql} AS VARCHAR), '\\.0$', '')`
  if (kind === "date") return timeText(value.sql, "%Y-%m-%d")
  if (kind === "datetime") return timeText(value.sql, `%Y-%m-%d %H:%M:%S${digits === 0 ? "" : ".%f"}`)
  return `CAST(${value.sql} AS VARCHAR)`
}

function timeText(sql: string, form: string): string {
  return `replace(strftime(${sql}, '${form}'), '${zeroDate}', '0000-00-00')`
}

/** The common type of values in CASE, COALESCE, IF and UNION ALL. */
export function commonType(values: SqlExpression[]): ValueType {
  const types = values.map(value => value.type).filter(type => type.kind !== "null")
  const [first] = types
  if (first === undefined) return nothing
  const kinds = new Set(types.map(type => type.kind))
  const digits = Math.max(...types.map(type => type.digits))
  if (kinds.size === 1) return { kind: first.kind, digits }
  if (kinds.has("json")) throw unknownMeaning("what JSON and another type have in common: use ::$ or CAST")
  if ([...kinds].every(kind => numbers.includes(kind))) {
    return kinds.has("double") ? double : kinds.has("decimal") ? { kind: "decimal", digits } : integer
  }
  const times = [...kinds].every(kind => kind === "date" || kind === "datetime")
  return times ? { kind: "datetime", digits } : text
}

export function toType(value: SqlExpression, type: ValueType): string {
  if (type.kind === "text") return toText(value)
  if (type.kind === "null") return value.sql
  return `CAST(${value.sql} AS ${duckdbName(type)})`
}

function duckdbName({ kind, digits }: ValueType): string {
  const names: Partial<Record<Kind, string>> = {
    boolean: "BOOLEAN",
    integer: "HUGEINT",
    double: "DOUBLE",
    json: "JSON",
    date: "DATE",
    datetime: "TIMESTAMP",
  }
  return names[kind] ?? `DECIMAL(38, ${digits})`
}

/** NULL sorts first in the engine, but not in DuckDB. */
export function sortKey({ sql, type }: SqlExpression, descending: boolean): string {
  if (type.kind === "json") throw unknownMeaning("an order of JSON values: take them as text with ::$")
  return `${sql} ${descending ? "DESC NULLS LAST" : "ASC NULLS FIRST"}`
}
