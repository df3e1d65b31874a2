import { refusal, type StatementError } from "../errors.ts"
import { isNumber } from "../store/number.ts"
import { readTime, zeroDate } from "../store/time.ts"
import type { Declared, Kind, ValueType } from "../store/type.ts"

/** A piece of DuckDB's SQL, and what it means to SingleStore. */
export interface Typed {
  sql: string
  type: ValueType
  /** The text or number itself, where it is a literal or an argument: only then is it known before the query runs. */
  constant?: string
  /** What it is declared as, where it is a column of a table. */
  declared?: Declared
}

export const integer: ValueType = { kind: "integer", digits: 0 }
export const boolean: ValueType = { kind: "boolean", digits: 0 }
export const double: ValueType = { kind: "double", digits: 0 }
export const text: ValueType = { kind: "text", digits: 0 }
export const json: ValueType = { kind: "json", digits: 0 }
export const date: ValueType = { kind: "date", digits: 0 }
export const binary: ValueType = { kind: "binary", digits: 0 }
export const nothing: ValueType = { kind: "null", digits: 0 }

/** SQL that parses, with a meaning that the emulator does not know for sure. */
export function unknownMeaning(why: string): StatementError {
  return refusal(1064, `the emulator does not know ${why}`)
}

const numbers: Kind[] = ["boolean", "integer", "decimal", "double"]

export function isNumeric({ type }: Typed): boolean {
  return numbers.includes(type.kind)
}

export function isTime({ type }: Typed): boolean {
  return type.kind === "date" || type.kind === "datetime"
}

/** A condition of WHERE, AND, CASE: a number is true unless it is 0. */
export function toCondition(value: Typed): string {
  if (value.type.kind === "boolean") return value.sql
  if (value.type.kind === "null") return "CAST(NULL AS BOOLEAN)"
  if (!isNumeric(value))
    throw unknownMeaning(`when a ${value.type.kind} value is true: compare it with something`)
  return `(${value.sql} <> 0)`
}

/** A number that DuckDB can calculate with; integers get room, so that they do not overflow on the way. */
export function toNumeric(value: Typed): Typed {
  const { kind } = value.type
  if (kind === "boolean") return { sql: `CAST(${value.sql} AS BIGINT)`, type: integer }
  if (isNumeric(value) || kind === "null") return value
  if (value.constant !== undefined && isNumber(value.constant)) {
    return { sql: `CAST(${value.sql} AS DOUBLE)`, type: double }
  }
  if (kind === "json") return { sql: jsonNumber(value.sql), type: double }
  throw unknownMeaning(`${value.sql.startsWith("$") ? "this" : `a ${kind} value`} as a number: use CAST`)
}

/** JSON numbers as they are, true and false as 1 and 0, anything else as NULL. */
function jsonNumber(sql: string): string {
  return `(CASE json_type(${sql}) WHEN 'BOOLEAN' THEN CAST(CAST(${sql} AS BOOLEAN) AS DOUBLE) WHEN 'DOUBLE' THEN CAST(${sql} AS DOUBLE) WHEN 'BIGINT' THEN CAST(${sql} AS DOUBLE) WHEN 'UBIGINT' THEN CAST(${sql} AS DOUBLE) END)`
}

/** A time; text is read only where it is a constant, so that a bad one is refused and not NULL. */
export function toTime(value: Typed): Typed {
  if (isTime(value) || value.type.kind === "null") return value
  if (value.constant === undefined) throw unknownMeaning(`a ${value.type.kind} value as a time: use CAST`)
  if (readTime(value.constant) === undefined) {
    throw refusal(1292, "datetime", value.constant.slice(0, 64), "")
  }
  return { sql: `CAST(${value.sql} AS TIMESTAMP)`, type: { kind: "datetime", digits: 6 } }
}

export function toText(value: Typed): string {
  const { kind, digits } = value.type
  if (kind === "binary") throw unknownMeaning("binary values as text: use HEX")
  if (kind === "boolean") return `CAST(CAST(${value.sql} AS BIGINT) AS VARCHAR)`
  // DuckDB writes 1.0 where the engine writes 1.
  if (kind === "double") return `regexp_replace(CAST(${value.sql} AS VARCHAR), '\\.0$', '')`
  if (kind === "date") return timeText(value.sql, "%Y-%m-%d")
  if (kind === "datetime") return timeText(value.sql, `%Y-%m-%d %H:%M:%S${digits === 0 ? "" : ".%f"}`)
  return `CAST(${value.sql} AS VARCHAR)`
}

function timeText(sql: string, form: string): string {
  return `replace(strftime(${sql}, '${form}'), '${zeroDate}', '0000-00-00')`
}

/** The one type that all of these can have, for CASE, COALESCE, IF and UNION ALL. */
export function commonType(values: Typed[]): ValueType {
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

export function toType(value: Typed, type: ValueType): string {
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
    binary: "BLOB",
  }
  return names[kind] ?? `DECIMAL(38, ${digits})`
}
