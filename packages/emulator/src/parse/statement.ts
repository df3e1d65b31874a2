import { StatementError } from "../errors.ts"
import { createTable } from "./create.ts"
import { type Cursor, createCursor } from "./cursor.ts"
import { expression } from "./expression.ts"
import { insert } from "./insert.ts"
import { query } from "./select.ts"
import type { Statement } from "./syntax.ts"

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
  if (cursor.take("INSERT")) return insert(cursor)
  if (cursor.sees("SELECT") || cursor.sees("WITH")) return { kind: "select", query: query(cursor) }
  if (cursor.take("CREATE", "TABLE")) return createTable(cursor)
  if (cursor.take("CREATE", "DATABASE")) {
    const ifNotExists = cursor.take("IF", "NOT", "EXISTS")
    return { kind: "createDatabase", ifNotExists, name: cursor.name() }
  }
  if (cursor.take("DROP", "TABLE")) {
    const ifExists = cursor.take("IF", "EXISTS")
    return { kind: "dropTable", ifExists, table: cursor.tableName() }
  }
  if (cursor.take("DROP", "DATABASE")) {
    const ifExists = cursor.take("IF", "EXISTS")
    return { kind: "dropDatabase", ifExists, name: cursor.name() }
  }
  if (cursor.take("SHOW", "DATABASES")) return { kind: "showDatabases" }
  if (cursor.take("SHOW", "TABLES")) {
    return cursor.take("FROM") || cursor.take("IN")
      ? { kind: "showTables", database: cursor.name() }
      : { kind: "showTables" }
  }
  throw cursor.unexpected()
}
