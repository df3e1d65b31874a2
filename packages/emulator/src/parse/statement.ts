import { StatementError } from "../errors.ts"
import { type Cursor, createCursor } from "./cursor.ts"
import { insert } from "./insert.ts"
import { clause, count, query } from "./select.ts"
import type { CreateView, Delete, Statement } from "./syntax.ts"
import { alter, createTable } from "./table.ts"

/** Parses the statement of a request. It must have as many placeholders as arguments. */
export function parse(sql: string, argumentCount: number): Statement {
  const cursor = createCursor(sql)
  if (cursor.placeholders !== argumentCount) {
    // The text of Go's database/sql, which counts before the engine sees the statement.
    throw new StatementError(`sql: expected ${cursor.placeholders} arguments, got ${argumentCount}`, 400)
  }
  const found = statement(cursor)
  cursor.take(";")
  if (cursor.peek().kind !== "end") throw cursor.unexpected()
  return found
}

function statement(cursor: Cursor): Statement {
  if (cursor.sees("SELECT") || cursor.sees("WITH")) return { kind: "select", query: query(cursor) }
  if (cursor.take("INSERT")) return insert(cursor)
  if (cursor.take("DELETE", "FROM")) return deletion(cursor)
  if (cursor.take("CREATE", "TABLE")) return createTable(cursor)
  if (cursor.take("CREATE", "VIEW")) return createView(cursor, false)
  if (cursor.take("CREATE", "OR", "REPLACE", "VIEW")) return createView(cursor, true)
  if (cursor.take("ALTER")) return alter(cursor)
  if (cursor.take("DROP")) return drop(cursor)
  if (cursor.take("SHOW")) return show(cursor)
  throw cursor.unexpected()
}

function deletion(cursor: Cursor): Delete {
  const table = cursor.tableName()
  const where = clause(cursor, "WHERE")
  const limit = cursor.take("LIMIT") ? count(cursor) : undefined
  return { kind: "delete", table, ...(where && { where }), ...(limit && { limit }) }
}

function createView(cursor: Cursor, orReplace: boolean): CreateView {
  const view = cursor.tableName()
  cursor.expect("AS")
  const first = cursor.peek()
  const found = query(cursor)
  const text = cursor.textFrom(first)
  if (cursor.placeholders > 0) throw cursor.unexpected("a view cannot have placeholders")
  return { kind: "createView", view, orReplace, query: found, text }
}

function drop(cursor: Cursor): Statement {
  const isTable = cursor.take("TABLE")
  if (!isTable) cursor.expect("VIEW")
  const ifExists = cursor.take("IF", "EXISTS")
  const name = cursor.tableName()
  return isTable ? { kind: "dropTable", ifExists, table: name } : { kind: "dropView", ifExists, view: name }
}

function show(cursor: Cursor): Statement {
  if (cursor.take("DATABASES")) return { kind: "showDatabases" }
  if (cursor.take("TABLES")) {
    const hasDatabase = cursor.take("FROM") || cursor.take("IN")
    return hasDatabase ? { kind: "showTables", database: cursor.name() } : { kind: "showTables" }
  }
  if (cursor.take("CREATE", "TABLE")) return { kind: "showCreateTable", table: cursor.tableName() }
  cursor.expect("GRANTS")
  if (cursor.take("FOR")) cursor.expect("CURRENT_USER", "(", ")")
  return { kind: "showGrants" }
}
