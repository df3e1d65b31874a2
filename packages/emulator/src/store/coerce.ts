import type { Column, ColumnType } from "../parse/syntax.ts"
import { readDecimal, writeDecimal } from "./number.ts"
import { typeFacts } from "./type.ts"
import { toDefaultValue, toStored, type Value } from "./value.ts"

/** Like `toStored`, but changes values to fit, as INSERT IGNORE does in MySQL. Invalid JSON is still refused. */
export function toCoerced(column: Column, value: Value, row: number): string | null {
  try {
    return toStored(column, value, row)
  } catch (refused) {
    if (value === null) return toDefaultValue(column)
    const { kind } = typeFacts[column.type.name]
    if (typeof value === "object" || kind === "json") throw refused
    const text = String(value)
    if (kind === "text") return cut(text, column.type)
    return kind === "date" || kind === "datetime" ? toDefaultValue(column) : toNumber(text, column.type)
  }
}

function cut(text: string, { name, size }: ColumnType): string {
  const { maxBytes } = typeFacts[name]
  const characters = size === undefined ? text : [...text].slice(0, size).join("")
  if (maxBytes === undefined) return characters
  // In stream mode the decoder leaves out an incomplete character.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
  return decoder.decode(Buffer.from(characters).subarray(0, maxBytes), { stream: true })
}

/** The number at the start of the text, or 0, limited to the range of the column. */
function toNumber(text: string, type: ColumnType): string {
  const digits = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?)/.exec(text)?.[1] ?? "0"
  const { bits, kind } = typeFacts[type.name]
  if (kind === "double") {
    return String(Math.min(Math.max(Number(digits), -Number.MAX_VALUE), Number.MAX_VALUE))
  }
  const { size = 0, scale = 0 } = type
  const units = readDecimal(digits, scale) ?? 0n
  if (bits === undefined) {
    const most = 10n ** BigInt(size) - 1n
    return writeDecimal(clamp(units, -most, most), scale)
  }
  const half = 2n ** BigInt(bits - 1)
  return String(clamp(units, -half, half - 1n))
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value
}
