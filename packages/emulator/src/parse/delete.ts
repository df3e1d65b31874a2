import type { Cursor } from "./cursor.ts"
import { clause, count } from "./select.ts"
import type { Delete } from "./syntax.ts"

/** Reads what follows DELETE. */
export function deletion(cursor: Cursor): Delete {
  cursor.expect("FROM")
  const table = cursor.tableName()
  const where = clause(cursor, "WHERE")
  const limit = cursor.take("LIMIT") ? count(cursor) : undefined
  return { kind: "delete", table, ...(where && { where }), ...(limit && { limit }) }
}
