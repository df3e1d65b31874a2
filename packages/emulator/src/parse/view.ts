import type { Cursor } from "./cursor.ts"
import type { CreateView } from "./syntax.ts"

/** Reads what follows CREATE VIEW. */
export function createView(cursor: Cursor, orReplace: boolean): CreateView {
  const view = cursor.tableName()
  cursor.expect("AS")
  const first = cursor.peek()
  const query = cursor.query()
  const text = cursor.textFrom(first)
  if (cursor.placeholders > 0) throw cursor.unexpected("a view with placeholders")
  return { kind: "createView", view, orReplace, query, text }
}
