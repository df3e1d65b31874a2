import type { Cursor } from "./cursor.ts"
import type { ColumnType, TypeName } from "./syntax.ts"

/** Every way to write a column type: its name, and what may stand behind it. */
const types: Record<string, { name: TypeName; takes?: "unsigned" | "size" | "decimal" | "fraction" }> = {
  TINYINT: { name: "tinyint", takes: "unsigned" },
  BOOL: { name: "tinyint" },
  BOOLEAN: { name: "tinyint" },
  SMALLINT: { name: "smallint", takes: "unsigned" },
  MEDIUMINT: { name: "mediumint", takes: "unsigned" },
  INT: { name: "int", takes: "unsigned" },
  INTEGER: { name: "int", takes: "unsigned" },
  BIGINT: { name: "bigint", takes: "unsigned" },
  FLOAT: { name: "float" },
  DOUBLE: { name: "double" },
  DECIMAL: { name: "decimal", takes: "decimal" },
  CHAR: { name: "char", takes: "size" },
  VARCHAR: { name: "varchar", takes: "size" },
  TINYTEXT: { name: "tinytext" },
  TEXT: { name: "text" },
  MEDIUMTEXT: { name: "mediumtext" },
  LONGTEXT: { name: "longtext" },
  DATE: { name: "date" },
  DATETIME: { name: "datetime", takes: "fraction" },
  TIMESTAMP: { name: "timestamp", takes: "fraction" },
  JSON: { name: "json" },
}

/** The longest VARCHAR of the String Types page, and the longest DECIMAL that DuckDB can hold. */
const maxCharacters = 21_844
const maxDigits = 38

export function columnType(cursor: Cursor): ColumnType {
  const type = types[cursor.peek().key]
  if (type === undefined) throw cursor.unexpected("no such column type here")
  cursor.next()
  const { name, takes } = type
  if (takes === "unsigned") width(cursor)
  if (takes === "unsigned") return cursor.take("UNSIGNED") ? { name, unsigned: true } : { name }
  if (takes === "size") return { name, size: size(cursor) }
  if (takes === "decimal") return { name, ...precision(cursor) }
  if (takes === "fraction") return { name, size: fraction(cursor) }
  return { name }
}

/** How wide an integer is shown changes no value. */
function width(cursor: Cursor): void {
  if (!cursor.take("(")) return
  bounded(cursor, 1, 255)
  cursor.expect(")")
}

function size(cursor: Cursor): number {
  cursor.expect("(")
  const characters = bounded(cursor, 1, maxCharacters)
  cursor.expect(")")
  return characters
}

/** `(digits, scale)`, both optional: (10, 0) as in MySQL. */
export function precision(cursor: Cursor): { size: number; scale: number } {
  if (!cursor.take("(")) return { size: 10, scale: 0 }
  const digits = bounded(cursor, 1, maxDigits)
  const scale = cursor.take(",") ? bounded(cursor, 0, digits) : 0
  cursor.expect(")")
  return { size: digits, scale }
}

/** `(6)` or nothing: there are times with microseconds and times with whole seconds. */
export function fraction(cursor: Cursor): number {
  if (!cursor.take("(")) return 0
  const digits = cursor.peek().text
  if (digits !== "6" && digits !== "0") throw cursor.unexpected("a time has 0 or 6 fraction digits")
  cursor.next()
  cursor.expect(")")
  return Number(digits)
}

function bounded(cursor: Cursor, low: number, high: number): number {
  const refused = cursor.unexpected(`only ${low} to ${high} is possible here`)
  const found = cursor.integer()
  if (found < low || found > high) throw refused
  return found
}
