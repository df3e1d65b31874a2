import type { Cursor } from "./cursor.ts"
import type { Statement, TableName } from "./syntax.ts"

/** Reads what follows SHOW. */
export function show(cursor: Cursor): Statement {
  if (cursor.take("DATABASES")) return { kind: "showDatabases" }
  if (cursor.take("TABLES")) {
    return takeFrom(cursor) ? { kind: "showTables", database: cursor.name() } : { kind: "showTables" }
  }
  if (cursor.take("COLUMNS")) return { kind: "showColumns", table: fromTable(cursor) }
  if (cursor.take("INDEX") || cursor.take("INDEXES") || cursor.take("KEYS")) {
    return { kind: "showIndexes", table: fromTable(cursor) }
  }
  if (cursor.take("CREATE", "TABLE")) return { kind: "showCreateTable", table: cursor.tableName() }
  if (cursor.take("GRANTS")) {
    if (cursor.take("FOR")) cursor.expect("CURRENT_USER", "(", ")")
    return { kind: "showGrants" }
  }
  throw cursor.unexpected()
}

function takeFrom(cursor: Cursor): boolean {
  return cursor.take("FROM") || cursor.take("IN")
}

/** `FROM t`, `FROM db.t` and `FROM t FROM db`. */
function fromTable(cursor: Cursor): TableName {
  if (!takeFrom(cursor)) throw cursor.unexpected()
  const table = cursor.tableName()
  return table.database === undefined && takeFrom(cursor) ? { ...table, database: cursor.name() } : table
}
