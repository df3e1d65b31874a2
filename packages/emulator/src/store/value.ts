import { refusal, StatementError } from "../errors.ts"
import type { Column, ColumnType } from "../parse/syntax.ts"
import { canonicalJson, canonicalJsonText, toWellFormed } from "./json.ts"
import { isNumber, readDecimal, readInteger, writeDecimal } from "./number.ts"
import { readTime } from "./time.ts"
import { typeFacts } from "./type.ts"

/** A JSON value of `args`, or a literal of the statement. */
export type Value = string | number | boolean | null | object

/**
 * Checks a value against its column, strictly, and gives the text that DuckDB stores without changing it.
 * Rows are counted from 1, as in the engine's texts.
 */
export function toStored(column: Column, value: Value, row: number): string | null {
  if (value === null) {
    if (!column.nullable) throw refusal(1048, column.name)
    return null
  }
  const { kind } = typeFacts[column.type.name]
  if (kind === "json") return toJson(column, value, row)
  if (typeof value === "object") {
    throw new StatementError(
      `an object or array cannot be the argument for column '${column.name}' at row ${row}: only JSON columns take them`,
      400,
    )
  }
  const text = typeof value === "boolean" ? String(Number(value)) : toWellFormed(String(value))
  if (kind === "text") return toText(column, text, row)
  if (kind === "date" || kind === "datetime") return toTime(column, text, row)
  return toNumber(column, text, row)
}

function toJson(column: Column, value: Exclude<Value, null>, row: number): string {
  const text = typeof value === "string" ? canonicalJsonText(value) : canonicalJson(value)
  if (text === undefined) throw refusal(3140, shown(value), column.name, row)
  return text
}

function toText(column: Column, text: string, row: number): string {
  const { maxBytes } = typeFacts[column.type.name]
  const maxCharacters = column.type.size
  const tooLong =
    (maxBytes !== undefined && Buffer.byteLength(text) > maxBytes) ||
    (maxCharacters !== undefined && text.length > maxCharacters && [...text].length > maxCharacters)
  if (tooLong) throw refusal(1406, column.name, row)
  return text
}

/** TIMESTAMP counts seconds in 31 bits. */
const timestampRange = ["1970-01-01 00:00:01.000000", "2038-01-19 03:14:07.999999"] as const

function toTime(column: Column, text: string, row: number): string {
  const { name, size } = column.type
  const time = readTime(text)
  const known =
    time !== undefined &&
    (name !== "date" || text.length === 10) &&
    (name !== "timestamp" || (time >= timestampRange[0] && time <= timestampRange[1]))
  if (!known)
    throw refusal(
      1292,
      name === "date" ? name : "datetime",
      shown(text),
      ` for column '${column.name}' at row ${row}`,
    )
  if (name === "date") return text
  return size === 0 ? time.slice(0, 19) : time
}

function toNumber(column: Column, text: string, row: number): string {
  const { type } = column
  const { bits, kind } = typeFacts[type.name]
  if (!isNumber(text)) throw refusal(1366, kind, shown(text), column.name, row)
  if (bits !== undefined) {
    const integer = readInteger(text)
    if (integer === undefined) throw refusal(1366, kind, shown(text), column.name, row)
    const [low, high] = type.unsigned
      ? [0n, 2n ** BigInt(bits)]
      : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1)]
    if (integer < low || integer >= high) throw refusal(1264, column.name, row)
    return String(integer)
  }
  return kind === "decimal" ? toDecimal(column, text, row) : toDouble(column, type, text, row)
}

function toDecimal(column: Column, text: string, row: number): string {
  const { size = 0, scale = 0 } = column.type
  const units = readDecimal(text, scale)
  if (units === undefined) throw refusal(1366, "decimal", shown(text), column.name, row)
  if (units >= 10n ** BigInt(size) || units <= -(10n ** BigInt(size))) throw refusal(1264, column.name, row)
  return writeDecimal(units, scale)
}

/** The largest FLOAT. */
export const maxFloat = 3.4028234663852886e38

function toDouble(column: Column, type: ColumnType, text: string, row: number): string {
  const double = Number(text)
  const limit = type.name === "float" ? maxFloat : Number.MAX_VALUE
  if (Math.abs(double) > limit) throw refusal(1264, column.name, row)
  return String(double)
}

/** A value in an error text is cut, as the engine cuts it. */
function shown(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 64)
}
