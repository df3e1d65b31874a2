import type { Column, ColumnType } from "../parse/syntax.ts"
import { implicitValue } from "./implicit.ts"
import { readDecimal, writeDecimal } from "./number.ts"
import { typeFacts } from "./type.ts"
import { maxFloat, toStored, type Value } from "./value.ts"

/** As toStored, but a value that does not fit is made to, as INSERT IGNORE does in MySQL; bad JSON is refused still. */
export function toSoftened(column: Column, value: Value, row: number): string | null {
  try {
    return toStored(column, value, row)
  } catch (refused) {
    if (value === null) return implicitValue(column)
    const { kind } = typeFacts[column.type.name]
    if (typeof value === "object" || kind === "json") throw refused
    const text = String(value)
    if (kind === "text") return cut(text, column.type)
    return kind === "date" || kind === "datetime" ? implicitValue(column) : toNumber(text, column.type)
  }
}

function cut(text: string, { name, size }: ColumnType): string {
  const { maxBytes } = typeFacts[name]
  const characters = size === undefined ? text : [...text].slice(0, size).join("")
  if (maxBytes === undefined) return characters
  // As a stream, the decoder leaves out a character of which not all bytes are there.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
  return decoder.decode(Buffer.from(characters).subarray(0, maxBytes), { stream: true })
}

/** The number that the text begins with, or 0, brought into the column's range. */
function toNumber(text: string, type: ColumnType): string {
  const digits = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?)/.exec(text)?.[1] ?? "0"
  const { bits, kind } = typeFacts[type.name]
  if (kind === "double") {
    const limit = type.name === "float" ? maxFloat : Number.MAX_VALUE
    return String(Math.min(Math.max(Number(digits), -limit), limit))
  }
  const { size = 0, scale = 0 } = type
  const units = readDecimal(digits, scale) ?? 0n
  if (bits === undefined) {
    const most = 10n ** BigInt(size) - 1n
    return writeDecimal(clamp(units, -most, most), scale)
  }
  const half = 2n ** BigInt(bits - 1)
  return String(type.unsigned ? clamp(units, 0n, half * 2n - 1n) : clamp(units, -half, half - 1n))
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value
}
