import { DuckDBBlobValue, DuckDBDateValue, DuckDBTimestampValue, type DuckDBValue } from "@duckdb/node-api"
import type { StatementError } from "../errors.ts"
import { writeDate, writeTime } from "./time.ts"
import { type Declared, dataType, declared, type ValueType } from "./type.ts"

export interface ResultColumn {
  name: string
  type: ValueType
  /** Where the column is one of a table. */
  declared?: Declared
}

/** What a query gives. */
export interface Result {
  columns: ResultColumn[]
  rows: DuckDBValue[][]
  /** Why there are no more rows, where a row could not be made. */
  error?: StatementError
}

/** The rows as JSON text, by column name. Written by hand, since JavaScript numbers would lose a bigint's digits. */
export function toRowsJson({ columns, rows }: Result): string {
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

/** The rows as JSON text, each an array. */
export function toTuplesJson({ columns, rows }: Result): string {
  const lines = rows.map(
    row => `[${columns.map(({ type }, index) => toJson(type, row[index] ?? null)).join(",")}]`,
  )
  return `[${lines.join(",")}]`
}

/** What query/tuples tells about the columns. */
export function toColumnsJson({ columns }: Result): string {
  return JSON.stringify(
    columns.map(column => {
      const { type, nullable } = column.declared ?? declared(column.type)
      return { name: column.name, dataType: dataType(type), nullable }
    }),
  )
}

function toJson({ kind, digits }: ValueType, value: DuckDBValue): string {
  if (value === null) return "null"
  if (kind === "json") return String(value)
  if (value instanceof DuckDBTimestampValue) return JSON.stringify(writeTime(value.micros, digits))
  if (value instanceof DuckDBDateValue) return JSON.stringify(writeDate(value.days))
  if (value instanceof DuckDBBlobValue) return JSON.stringify(Buffer.from(value.bytes).toString("base64"))
  if (typeof value === "boolean") return value ? "1" : "0"
  if (typeof value === "bigint") return String(value)
  // JSON has no NaN and no infinity.
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "null"
  // A decimal keeps all its digits as text.
  return JSON.stringify(String(value))
}
