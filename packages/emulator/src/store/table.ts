import { refusal, StatementError } from "../errors.ts"
import type { Column, CreateTable, Key } from "../parse/syntax.ts"
import { toStored } from "./value.ts"

/** A table in the catalog. Every key has a name, and its columns have the spelling of the table's columns. */
export interface Table {
  database: string
  name: string
  columns: Column[]
  keys: NamedKey[]
  view?: View
}

interface View {
  /** The source text of the query. */
  text: string
  /** The database of unqualified names. */
  database?: string
}

export type NamedKey = Key & { name: string }

/** Checks a CREATE TABLE as the engine does. */
export function toTable(statement: CreateTable, database: string): Table {
  const columns = statement.columns.map(column => ({ ...column }))
  const keys = statement.keys.map(key => ({ ...key, columns: keyColumns(key, columns) }))
  checkColumns(columns)
  for (const kind of ["primary", "shard", "sort"] as const) {
    if (keys.filter(key => key.kind === kind).length > 1) throw refusal(1068)
  }
  for (const key of keys) if (key.kind === "primary") requireValues(key, columns)
  for (const column of columns) checkDefault(column)
  const named = keys.map(toNamedKey)
  checkShardKey(named)
  return { database, name: statement.table.name, columns, keys: named }
}

/** Column names match in any case. */
export function findColumn(columns: Column[], name: string): Column | undefined {
  const lower = name.toLowerCase()
  return columns.find(column => column.name.toLowerCase() === lower)
}

/** The keys that two rows cannot share. */
export function uniqueKeys(table: Table): NamedKey[] {
  return table.keys.filter(key => key.kind === "unique" || key.kind === "primary")
}

/** The keys with the names that the engine shows. */
export function shownKeys(table: Table): NamedKey[] {
  const keys = table.keys.map(key => {
    if (key.kind === "shard") return { ...key, name: shardName }
    return key.kind === "sort" ? { ...key, name: key.columns[0] ?? "__UNORDERED" } : key
  })
  const primary = keys.find(key => key.kind === "primary")
  // Without a shard key, the primary key distributes the rows.
  if (primary === undefined || keys.some(key => key.kind === "shard")) return keys
  return [...keys, { kind: "shard", name: shardName, columns: primary.columns }]
}

const shardName = "__SHARDKEY"

/** Checks columns that are added to a table. */
export function checkAddedColumns(table: Table, added: Column[]): void {
  checkColumns([...table.columns, ...added])
  for (const column of added) checkDefault(column)
}

/** Column names must be different. */
export function checkColumns(columns: { name: string }[]): void {
  if (columns.length === 0) throw refusal(1113)
  const taken = new Set<string>()
  for (const { name } of columns) {
    if (taken.has(name.toLowerCase())) throw refusal(1060, name)
    taken.add(name.toLowerCase())
  }
}

function keyColumns(key: Key, columns: Column[]): string[] {
  const found: string[] = []
  for (const name of key.columns) {
    const column = findColumn(columns, name)
    if (column === undefined) throw refusal(1072, name)
    if (found.includes(column.name)) throw refusal(1060, name)
    if (column.type.name === "json" && key.kind !== "index") {
      throw new StatementError(`the JSON column '${name}' cannot be part of a key`, 400)
    }
    found.push(column.name)
  }
  return found
}

function requireValues(primary: Key, columns: Column[]): void {
  for (const column of columns) if (primary.columns.includes(column.name)) column.nullable = false
}

function checkDefault(column: Column): void {
  if (column.default === undefined) return
  try {
    toStored(column, column.default, 1)
  } catch {
    throw refusal(1067, column.name)
  }
}

/** An unnamed key has the name of its first column, as in MySQL. */
function toNamedKey(key: Key): NamedKey {
  const isIndex = key.kind === "unique" || key.kind === "index"
  return { ...key, name: key.name ?? (isIndex ? (key.columns[0] ?? "") : key.kind.toUpperCase()) }
}

/** A partition checks only its own rows, so rows with the same unique key must be in the same partition. */
function checkShardKey(keys: NamedKey[]): void {
  const shard = keys.find(key => key.kind === "shard")
  for (const key of keys) {
    if (key.kind !== "unique" && key.kind !== "primary") continue
    if (shard?.columns.some(name => !key.columns.includes(name))) throw refusal(1895, key.name)
  }
}
