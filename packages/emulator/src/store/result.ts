import { DuckDBDateValue, DuckDBTimestampValue, type DuckDBValue } from "@duckdb/node-api"
import { writeDate, writeTime } from "./time.ts"
import type { ValueType } from "./type.ts"

export interface ResultColumn {
  name: string
  type: ValueType
}

/** The rows as JSON text: written by hand, since JavaScript numbers would lose the digits of a bigint. */
export function toRowsJson(columns: ResultColumn[], rows: DuckDBValue[][]): string {
  // Where two columns have one name the last one wins, as in a map.
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

function toJson({ kind, digits }: ValueType, value: DuckDBValue): string {
  if (value === null) return "null"
  if (kind === "json") return String(value)
  if (value instanceof DuckDBTimestampValue) return JSON.stringify(writeTime(value.micros, digits))
  if (value instanceof DuckDBDateValue) return JSON.stringify(writeDate(value.days))
  if (typeof value === "boolean") return value ? "1" : "0"
  if (typeof value === "bigint") return String(value)
  // JSON has no NaN and no infinity.
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "null"
  // A decimal keeps all its digits as text.
  return JSON.stringify(String(value))
}
