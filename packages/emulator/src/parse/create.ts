import type { Cursor } from "./cursor.ts"
import { literal } from "./insert.ts"
import type { Column, CreateTable, Key } from "./syntax.ts"
import { columnType } from "./type.ts"

const characterSets = new Set(["UTF8", "UTF8MB4"])
const collations = new Set(["UTF8_BIN", "UTF8MB4_BIN"])

/** Reads what follows CREATE TABLE. */
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

export function column(cursor: Cursor, keys: Key[]): Column {
  const result: Column = { name: cursor.name(), type: columnType(cursor), nullable: true }
  for (;;) {
    if (charset(cursor)) continue
    if (cursor.take("NOT", "NULL")) result.nullable = false
    else if (cursor.take("NULL")) result.nullable = true
    else if (cursor.take("DEFAULT")) result.default = literal(cursor)
    else if (cursor.take("PRIMARY", "KEY")) keys.push({ kind: "primary", columns: [result.name] })
    else if (cursor.take("COMMENT")) comment(cursor)
    else return result
  }
}

function key(cursor: Cursor): Key | undefined {
  if (cursor.take("SHARD", "KEY")) {
    return { kind: "shard", columns: cursor.take("(", ")") ? [] : keyColumns(cursor) }
  }
  if (cursor.take("SORT", "KEY")) {
    return { kind: "sort", columns: cursor.take("(", ")") ? [] : keyColumns(cursor) }
  }
  if (cursor.take("PRIMARY", "KEY")) {
    const columns = keyColumns(cursor)
    using(cursor)
    return { kind: "primary", columns }
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
    // The direction changes where rows lie, never what a query gives.
    if (!cursor.take("ASC")) cursor.take("DESC")
    return name
  })
  cursor.expect(")")
  return columns
}

function using(cursor: Cursor): void {
  if (cursor.take("USING")) cursor.expect("HASH")
}

/** Table options that change no answer of the emulator are read and left. */
function options(cursor: Cursor): void {
  for (;;) {
    if (charset(cursor)) continue
    if (cursor.take("COMMENT")) comment(cursor)
    else if (cursor.take("AUTOSTATS_ENABLED")) choice(cursor, "TRUE", "FALSE")
    else if (cursor.take("AUTOSTATS_CARDINALITY_MODE")) choice(cursor, "INCREMENTAL", "PERIODIC", "OFF")
    else if (cursor.take("AUTOSTATS_HISTOGRAM_MODE")) choice(cursor, "CREATE", "UPDATE", "OFF")
    else if (cursor.take("AUTOSTATS_SAMPLING")) choice(cursor, "ON", "OFF")
    else if (cursor.take("SQL_MODE")) sqlMode(cursor)
    else return
  }
}

function choice(cursor: Cursor, ...words: string[]): void {
  cursor.take("=")
  if (!words.some(word => cursor.take(word))) throw cursor.unexpected()
}

/** The emulator is strict always, so any mode without strictness would be a lie. */
function sqlMode(cursor: Cursor): void {
  cursor.take("=")
  const refused = cursor.unexpected("the emulator knows SQL_MODE='STRICT_ALL_TABLES' only")
  if (cursor.takeString()?.toUpperCase() !== "STRICT_ALL_TABLES") throw refused
}

function comment(cursor: Cursor): void {
  cursor.take("=")
  if (cursor.takeString() === undefined) throw cursor.unexpected()
}

/** Takes one clause about characters; another collation would compare in another way, so it is refused. */
function charset(cursor: Cursor): boolean {
  if (
    cursor.sees("DEFAULT", "CHARSET") ||
    cursor.sees("DEFAULT", "CHARACTER") ||
    cursor.sees("DEFAULT", "COLLATE")
  ) {
    cursor.next()
  }
  if (cursor.take("CHARACTER", "SET") || cursor.take("CHARSET")) {
    one(cursor, characterSets, "the emulator knows the character sets utf8mb4 and utf8 only")
    return true
  }
  if (!cursor.take("COLLATE")) return false
  one(cursor, collations, "the emulator knows the collations utf8mb4_bin and utf8_bin only")
  return true
}

function one(cursor: Cursor, known: Set<string>, why: string): void {
  cursor.take("=")
  const refused = cursor.unexpected(why)
  if (!known.has((cursor.takeString() ?? cursor.name()).toUpperCase())) throw refused
}
