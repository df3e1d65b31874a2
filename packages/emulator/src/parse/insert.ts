import type { Cursor } from "./cursor.ts"
import type { Insert, InsertValue } from "./syntax.ts"

/** Reads INSERT, INSERT IGNORE or REPLACE. */
export function insert(cursor: Cursor): Insert {
  const replacing = cursor.take("REPLACE")
  if (!replacing) cursor.expect("INSERT")
  const duplicates = replacing ? "replacing" : cursor.take("IGNORE") ? "ignored" : "refused"
  cursor.expect("INTO")
  const table = cursor.tableName()
  const columns = cursor.take("(") ? cursor.list(cursor.name) : undefined
  if (columns !== undefined) cursor.expect(")")
  cursor.expect("VALUES")
  const rows = cursor.list(() => row(cursor))
  return { kind: "insert", table, ...(columns && { columns }), rows, duplicates }
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

/** A constant of VALUES or DEFAULT; a number stays the text it was written as. */
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
