import type { Cursor } from "./cursor.ts"
import { query } from "./select.ts"
import type { Insert, InsertValue } from "./syntax.ts"

/** Reads the rest of INSERT. */
export function insert(cursor: Cursor): Insert {
  const ignore = cursor.take("IGNORE")
  cursor.expect("INTO")
  const table = cursor.tableName()
  const columns = cursor.take("(") ? cursor.list(cursor.name) : undefined
  if (columns !== undefined) cursor.expect(")")
  const isQuery = cursor.sees("SELECT") || cursor.sees("WITH")
  if (!isQuery) cursor.expect("VALUES")
  const rows = isQuery ? query(cursor) : cursor.list(() => row(cursor))
  return { kind: "insert", table, ...(columns && { columns }), rows, ignore }
}

function row(cursor: Cursor): InsertValue[] {
  cursor.expect("(")
  const values = cursor.list(() => value(cursor))
  cursor.expect(")")
  return values
}

function value(cursor: Cursor): InsertValue {
  const placeholder = cursor.takePlaceholder()
  if (placeholder !== undefined) return { placeholder }
  if (cursor.take("DEFAULT")) return "default"
  return { literal: literal(cursor) }
}

/** Reads a constant of VALUES or DEFAULT. A number stays its source text. */
export function literal(cursor: Cursor): string | boolean | null {
  if (cursor.take("NULL")) return null
  if (cursor.take("TRUE")) return true
  if (cursor.take("FALSE")) return false
  const text = cursor.takeString()
  if (text !== undefined) return text
  const sign = cursor.take("-") ? "-" : ""
  if (cursor.peek().kind !== "number") throw cursor.unexpected()
  return sign + cursor.next().text
}
