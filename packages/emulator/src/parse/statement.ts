import { StatementError } from "../errors.ts"
import { alter } from "./alter.ts"
import { createTable } from "./create.ts"
import { type Cursor, createCursor } from "./cursor.ts"
import { deletion } from "./delete.ts"
import { expression } from "./expression.ts"
import { insert } from "./insert.ts"
import { query } from "./select.ts"
import { show } from "./show.ts"
import type { Statement } from "./syntax.ts"
import { createView } from "./view.ts"

/** Reads the one statement of a request; its placeholders must be as many as the arguments. */
export function parse(sql: string, argumentCount: number): Statement {
  const cursor = createCursor(sql, { expression, query })
  if (cursor.placeholders !== argumentCount) {
    // The text of Go's database/sql, which counts before the engine sees the statement.
    throw new StatementError(`sql: expected ${cursor.placeholders} arguments, got ${argumentCount}`, 400)
  }
  const statement = one(cursor)
  cursor.take(";")
  if (cursor.peek().kind !== "end") throw cursor.unexpected()
  return statement
}

function one(cursor: Cursor): Statement {
  if (cursor.sees("INSERT") || cursor.sees("REPLACE")) return insert(cursor)
  if (cursor.sees("SELECT") || cursor.sees("WITH")) return { kind: "select", query: query(cursor) }
  if (cursor.take("DELETE")) return deletion(cursor)
  if (cursor.take("CREATE")) return create(cursor)
  if (cursor.take("ALTER")) return alter(cursor)
  if (cursor.take("DROP")) return drop(cursor)
  if (cursor.take("SHOW")) return show(cursor)
  if (cursor.take("DESCRIBE") || cursor.take("DESC"))
    return { kind: "showColumns", table: cursor.tableName() }
  throw cursor.unexpected()
}

function create(cursor: Cursor): Statement {
  if (cursor.take("TABLE")) return createTable(cursor)
  if (cursor.take("VIEW")) return createView(cursor, false)
  if (cursor.take("OR", "REPLACE", "VIEW")) return createView(cursor, true)
  cursor.expect("DATABASE")
  const ifNotExists = cursor.take("IF", "NOT", "EXISTS")
  return { kind: "createDatabase", ifNotExists, name: cursor.name() }
}

function drop(cursor: Cursor): Statement {
  const isTable = cursor.take("TABLE")
  if (isTable || cursor.take("VIEW")) {
    const ifExists = cursor.take("IF", "EXISTS")
    const name = cursor.tableName()
    return isTable ? { kind: "dropTable", ifExists, table: name } : { kind: "dropView", ifExists, view: name }
  }
  cursor.expect("DATABASE")
  const ifExists = cursor.take("IF", "EXISTS")
  return { kind: "dropDatabase", ifExists, name: cursor.name() }
}
