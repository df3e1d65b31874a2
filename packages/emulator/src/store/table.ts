import { refusal, StatementError } from "../errors.ts"
import type { Column, CreateTable, Key } from "../parse/syntax.ts"
import { toStored } from "./value.ts"

/** A table as the catalog keeps it: with every key named, and key columns spelled as the columns are. */
export interface Table {
  database: string
  name: string
  columns: Column[]
  keys: NamedKey[]
  view?: View
}

interface View {
  /** The query as it was written. */
  text: string
  /** The database of its unqualified names. */
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
  const named = nameKeys(keys)
  checkShardKey(named)
  return { database, name: statement.table.name, columns, keys: named }
}

/** Column names are the same in any case. */
export function findColumn(columns: Column[], name: string): Column | undefined {
  const lower = name.toLowerCase()
  return columns.find(column => column.name.toLowerCase() === lower)
}

/** The keys whose columns no two rows may share. */
export function uniqueKeys(table: Table): NamedKey[] {
  return table.keys.filter(key => key.kind === "unique" || key.kind === "primary")
}

/** Checks columns that are added to a table, and gives the table with them. */
export function withColumns(table: Table, added: Column[]): Table {
  const columns = [...table.columns, ...added]
  checkColumns(columns)
  for (const column of added) checkDefault(column)
  return { ...table, columns }
}

function checkColumns(columns: Column[]): void {
  if (columns.length === 0) throw refusal(1113)
  for (const [index, { name }] of columns.entries()) {
    if (findColumn(columns.slice(0, index), name) !== undefined) throw refusal(1060, name)
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

/** An unnamed key takes the name of its first column, as in MySQL, with a number where that is taken. */
function nameKeys(keys: Key[]): NamedKey[] {
  const taken = new Set<string>()
  for (const { name } of keys) {
    if (name === undefined) continue
    if (taken.has(name.toLowerCase())) throw refusal(1061, name)
    taken.add(name.toLowerCase())
  }
  return keys.map(key => {
    const isIndex = key.kind === "unique" || key.kind === "index"
    const name = key.name ?? (isIndex ? freeName(key.columns[0] ?? "", taken) : key.kind.toUpperCase())
    taken.add(name.toLowerCase())
    return { ...key, name }
  })
}

function freeName(base: string, taken: Set<string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}_${number}`
    if (!taken.has(name.toLowerCase())) return name
  }
}

/** Each partition checks its own rows only, so rows with the same unique key must lie in the same partition. */
function checkShardKey(keys: NamedKey[]): void {
  const shard = keys.find(key => key.kind === "shard")
  for (const key of keys) {
    if (key.kind !== "unique" && key.kind !== "primary") continue
    if (shard?.columns.some(name => !key.columns.includes(name))) throw refusal(1895, key.name)
  }
}
