import { column } from "./create.ts"
import type { Cursor } from "./cursor.ts"
import type { Column, Key, Statement } from "./syntax.ts"

/** Reads what follows ALTER: columns that are added, one by one or in parentheses. */
export function alter(cursor: Cursor): Statement {
  cursor.take("ONLINE")
  cursor.expect("TABLE")
  const table = cursor.tableName()
  const columns = cursor.list(() => addition(cursor)).flat()
  return { kind: "addColumns", table, columns }
}

function addition(cursor: Cursor): Column[] {
  cursor.expect("ADD")
  cursor.take("COLUMN")
  if (!cursor.take("(")) return [added(cursor)]
  const columns = cursor.list(() => added(cursor))
  cursor.expect(")")
  return columns
}

function added(cursor: Cursor): Column {
  const keys: Key[] = []
  const refused = cursor.unexpected("a key is chosen when the table is made")
  const result = column(cursor, keys)
  if (keys.length > 0) throw refused
  return result
}
