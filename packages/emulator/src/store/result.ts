import { DuckDBDateValue, DuckDBTimestampValue, type DuckDBValue } from "@duckdb/node-api"
import type { StatementError } from "../errors.ts"
import { writeDate, writeTime } from "./time.ts"
import type { ValueType } from "./type.ts"

export interface ResultColumn {
  name: string
  type: ValueType
}

export interface Result {
  columns: ResultColumn[]
  rows: DuckDBValue[][]
  /** The error that ended the rows. */
  error?: StatementError
}

/** The rows as JSON text by column name. JavaScript numbers would lose digits of a bigint. */
export function toRowsJson({ columns, rows }: Result): string {
  // If two columns have the same name, the last one wins, as in a map.
  const last = new Map(columns.map(({ name }, index) => [name, index]))
  const shown = columns.flatMap((column, index) =>
    last.get(column.name) === index ? [{ ...column, index, key: JSON.stringify(column.name) }] : [],
  )
  const lines = rows.map(row => {
    const cells = shown.map(({ key, type, index }) => `${key}:${toJson(type, row[index] ?? null)}`)
    return `{${cells.join(",")}}`
  })
  return `[${lines.join(",")}]`
}

function toJson(type: ValueType, value: DuckDBValue): string {
  const text = toText(type, value)
  if (text === null) return "null"
  const isRaw = type.kind === "json" || ["boolean", "bigint", "number"].includes(typeof value)
  // A decimal keeps all its digits as text.
  return isRaw ? text : JSON.stringify(text)
}

/** The value as text. JSON does not have NaN and infinity, so they are NULL. */
export function toText({ kind, digits }: ValueType, value: DuckDBValue): string | null {
  if (value === null) return null
  if (kind === "json") return String(value)
  if (value instanceof DuckDBTimestampValue) return writeTime(value.micros, digits)
  if (value instanceof DuckDBDateValue) return writeDate(value.days)
  if (typeof value === "boolean") return value ? "1" : "0"
  if (typeof value === "number" && !Number.isFinite(value)) return null
  return String(value)
}
