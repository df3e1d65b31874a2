import { refusal, StatementError } from "../errors.ts"
import type { Column } from "../parse/syntax.ts"
import { canonicalJson, canonicalJsonText, toWellFormed } from "./json.ts"
import { isNumber, readDecimal, readInteger, writeDecimal } from "./number.ts"
import { readTime, zeroDate, zeroTime } from "./time.ts"
import { type Kind, typeFacts } from "./type.ts"

/** A JSON value of `args`, or a literal of a statement. */
export type Value = string | number | boolean | null | object

/** Checks a value strictly, and returns the text for DuckDB. Rows count from 1, as in the engine's errors. */
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

function toTime(column: Column, text: string, row: number): string {
  const { name, size } = column.type
  const time = readTime(text)
  if (time === undefined || (name === "date" && text.length !== 10))
    throw refusal(1292, name, shown(text), ` for column '${column.name}' at row ${row}`)
  if (name === "date") return text
  return size === 0 ? time.slice(0, 19) : time
}

function toNumber(column: Column, text: string, row: number): string {
  const { bits, kind } = typeFacts[column.type.name]
  const integer = bits === undefined ? undefined : readInteger(text)
  if (!isNumber(text) || (bits !== undefined && integer === undefined))
    throw refusal(1366, kind, shown(text), column.name, row)
  if (bits !== undefined && integer !== undefined) {
    if (BigInt.asIntN(bits, integer) !== integer) throw refusal(1264, column.name, row)
    return String(integer)
  }
  if (kind === "decimal") return toDecimal(column, text, row)
  if (!Number.isFinite(Number(text))) throw refusal(1264, column.name, row)
  return String(Number(text))
}

function toDecimal(column: Column, text: string, row: number): string {
  const { size = 0, scale = 0 } = column.type
  const units = readDecimal(text, scale)
  if (units === undefined) throw refusal(1366, "decimal", shown(text), column.name, row)
  if (units >= 10n ** BigInt(size) || units <= -(10n ** BigInt(size))) throw refusal(1264, column.name, row)
  return writeDecimal(units, scale)
}

/** The start of a value, as the engine shows it in an error. */
function shown(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 64)
}

const defaultValues: Partial<Record<Kind, string>> = {
  text: "",
  json: "null",
  date: zeroDate,
  datetime: zeroTime,
}

/** The value that MySQL stores in a NOT NULL column without a value and without DEFAULT, as text for DuckDB. */
export function toDefaultValue({ type }: Column): string {
  return defaultValues[typeFacts[type.name].kind] ?? "0"
}
