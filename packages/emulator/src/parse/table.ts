import type { Cursor } from "./cursor.ts"
import { literal } from "./insert.ts"
import type { Column, CreateTable, Key, Statement } from "./syntax.ts"
import { columnType } from "./type.ts"

const characterSets = new Set(["UTF8", "UTF8MB4"])
const strictMode = new Set(["STRICT_ALL_TABLES"])
const collations = new Set(["UTF8_BIN", "UTF8MB4_BIN"])

/** Reads the rest of CREATE TABLE. */
export function createTable(cursor: Cursor): CreateTable {
  const ifNotExists = cursor.take("IF", "NOT", "EXISTS")
  const table = cursor.tableName()
  const columns: Column[] = []
  const keys: Key[] = []
  cursor.expect("(")
  cursor.list(() => {
    const found = key(cursor)
    if (found === undefined) columns.push(column(cursor, keys))
    else keys.push(found)
  })
  cursor.expect(")")
  options(cursor)
  return { kind: "createTable", table, ifNotExists, columns, keys }
}

function column(cursor: Cursor, keys: Key[]): Column {
  const result: Column = { name: cursor.name(), type: columnType(cursor), nullable: true }
  for (;;) {
    if (charset(cursor)) continue
    if (cursor.take("NOT", "NULL")) result.nullable = false
    else if (cursor.take("NULL")) result.nullable = true
    else if (cursor.take("DEFAULT")) result.default = literal(cursor)
    else if (cursor.take("PRIMARY", "KEY")) keys.push({ kind: "primary", columns: [result.name] })
    else return result
  }
}

function key(cursor: Cursor): Key | undefined {
  for (const kind of ["shard", "sort", "primary"] as const) {
    if (!cursor.take(kind.toUpperCase(), "KEY")) continue
    const columns = kind !== "primary" && cursor.take("(", ")") ? [] : keyColumns(cursor)
    if (kind === "primary") using(cursor)
    return { kind, columns }
  }
  if (cursor.take("UNIQUE")) {
    if (!cursor.take("KEY")) cursor.take("INDEX")
    return named(cursor, "unique")
  }
  return cursor.take("KEY") || cursor.take("INDEX") ? named(cursor, "index") : undefined
}

function named(cursor: Cursor, kind: "unique" | "index"): Key {
  const name = cursor.takeName()
  const columns = keyColumns(cursor)
  using(cursor)
  return { kind, ...(name !== undefined && { name }), columns }
}

function keyColumns(cursor: Cursor): string[] {
  cursor.expect("(")
  const columns = cursor.list(() => {
    const name = cursor.name()
    // The direction does not change the result of a query.
    if (!cursor.take("ASC")) cursor.take("DESC")
    return name
  })
  cursor.expect(")")
  return columns
}

function using(cursor: Cursor): void {
  if (cursor.take("USING")) cursor.expect("HASH")
}

/** Skips table options without an effect on the emulator. It is always strict, so it refuses other modes. */
function options(cursor: Cursor): void {
  const noStrictMode = "the emulator knows only SQL_MODE='STRICT_ALL_TABLES'"
  for (;;) {
    if (cursor.peek().key.startsWith("AUTOSTATS_")) {
      cursor.next()
      cursor.take("=")
      if (cursor.peek().kind !== "word") throw cursor.unexpected()
      cursor.next()
    } else if (cursor.take("SQL_MODE")) one(cursor, strictMode, noStrictMode)
    else if (!charset(cursor)) return
  }
}

/** Reads one clause about characters. Other collations compare differently, so they are refused. */
function charset(cursor: Cursor): boolean {
  if (cursor.take("CHARACTER", "SET") || cursor.take("CHARSET")) {
    one(cursor, characterSets, "the emulator knows only the character sets utf8mb4 and utf8")
    return true
  }
  if (!cursor.take("COLLATE")) return false
  one(cursor, collations, "the emulator knows only the collations utf8mb4_bin and utf8_bin")
  return true
}

function one(cursor: Cursor, known: Set<string>, why: string): void {
  cursor.take("=")
  const refused = cursor.unexpected(why)
  if (!known.has((cursor.takeString() ?? cursor.name()).toUpperCase())) throw refused
}

/** Reads the rest of ALTER: a new name, or new columns. */
export function alter(cursor: Cursor): Statement {
  cursor.take("ONLINE")
  cursor.expect("TABLE")
  const table = cursor.tableName()
  if (cursor.take("RENAME")) {
    cursor.take("TO")
    return { kind: "renameTable", table, to: cursor.name() }
  }
  const columns = cursor.list(() => addition(cursor)).flat()
  return { kind: "addColumns", table, columns }
}

function addition(cursor: Cursor): Column[] {
  cursor.expect("ADD")
  cursor.take("COLUMN")
  if (!cursor.take("(")) return [addedColumn(cursor)]
  const columns = cursor.list(() => addedColumn(cursor))
  cursor.expect(")")
  return columns
}

function addedColumn(cursor: Cursor): Column {
  const keys: Key[] = []
  const refused = cursor.unexpected("ALTER TABLE cannot add a key")
  const result = column(cursor, keys)
  if (keys.length > 0) throw refused
  return result
}
