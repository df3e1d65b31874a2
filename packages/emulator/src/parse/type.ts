import { isTypeName, typeFacts } from "../store/type.ts"
import type { Cursor } from "./cursor.ts"
import type { ColumnType } from "./syntax.ts"

const aliases: Record<string, string> = { BOOL: "tinyint", BOOLEAN: "tinyint", INTEGER: "int" }

/** The longest VARCHAR of SingleStore, and the longest DECIMAL of DuckDB. */
const maxCharacters = 21_844
const maxDigits = 38

export function columnType(cursor: Cursor): ColumnType {
  const { key } = cursor.peek()
  const name = aliases[key] ?? key.toLowerCase()
  if (!isTypeName(name)) throw cursor.unexpected("the emulator does not know this column type")
  cursor.next()
  const { kind, bits } = typeFacts[name]
  if (bits !== undefined) {
    // The display width does not change a value.
    if (cursor.take("(")) lastNumber(cursor, 1, 255)
    return { name }
  }
  if (kind === "decimal") return { name, ...precision(cursor) }
  if (kind === "datetime") return { name, size: fraction(cursor) }
  if (name !== "char" && name !== "varchar") return { name }
  cursor.expect("(")
  return { name, size: lastNumber(cursor, 1, maxCharacters) }
}

/** Reads `(digits, scale)`; the default is (10, 0), as in MySQL. */
function precision(cursor: Cursor): { size: number; scale: number } {
  if (!cursor.take("(")) return { size: 10, scale: 0 }
  const size = bounded(cursor, 1, maxDigits)
  if (cursor.take(",")) return { size, scale: lastNumber(cursor, 0, size) }
  cursor.expect(")")
  return { size, scale: 0 }
}

/** Reads `(6)`, `(0)` or nothing: times have microseconds or whole seconds. */
function fraction(cursor: Cursor): number {
  if (!cursor.take("(")) return 0
  const refused = cursor.unexpected("a time has 0 or 6 fraction digits")
  const digits = lastNumber(cursor, 0, 6)
  if (digits !== 0 && digits !== 6) throw refused
  return digits
}

/** Reads a number and the closing parenthesis. */
function lastNumber(cursor: Cursor, low: number, high: number): number {
  const found = bounded(cursor, low, high)
  cursor.expect(")")
  return found
}

function bounded(cursor: Cursor, low: number, high: number): number {
  const refused = cursor.unexpected(`the number must be from ${low} to ${high}`)
  const found = cursor.integer()
  if (found < low || found > high) throw refused
  return found
}
