/** The shape of a parsed statement. Placeholders carry their number, so one tree serves any arguments. */
export type Statement =
  | { kind: "createDatabase"; name: string; ifNotExists: boolean }
  | { kind: "dropDatabase"; name: string; ifExists: boolean }
  | CreateTable
  | { kind: "dropTable"; table: TableName; ifExists: boolean }
  | { kind: "addColumns"; table: TableName; columns: Column[] }
  | CreateView
  | { kind: "dropView"; view: TableName; ifExists: boolean }
  | Insert
  | Delete
  | { kind: "select"; query: Query }
  | { kind: "showTables"; database?: string }
  | { kind: "showDatabases" }
  | { kind: "showColumns" | "showIndexes" | "showCreateTable"; table: TableName }
  | { kind: "showGrants" }

export interface TableName {
  database?: string
  name: string
}

export interface CreateTable {
  kind: "createTable"
  table: TableName
  ifNotExists: boolean
  columns: Column[]
  keys: Key[]
}

export interface Column {
  name: string
  type: ColumnType
  nullable: boolean
  /** Absent where there is no DEFAULT clause, null for DEFAULT NULL. */
  default?: string | boolean | null
}

export interface ColumnType {
  name: TypeName
  /** Characters of CHAR and VARCHAR, digits of DECIMAL, fraction digits of times. */
  size?: number
  /** Digits after the point of DECIMAL. */
  scale?: number
  unsigned?: boolean
}

export type TypeName =
  | "tinyint"
  | "smallint"
  | "mediumint"
  | "int"
  | "bigint"
  | "float"
  | "double"
  | "decimal"
  | "char"
  | "varchar"
  | "tinytext"
  | "text"
  | "mediumtext"
  | "longtext"
  | "date"
  | "datetime"
  | "timestamp"
  | "json"
  | "varbinary"

export interface Key {
  kind: "primary" | "unique" | "index" | "shard" | "sort"
  name?: string
  columns: string[]
}

export interface Insert {
  kind: "insert"
  table: TableName
  /** Absent: all columns of the table, in its order. */
  columns?: string[]
  rows: InsertValue[][]
  /** What becomes of a row whose key exists already. */
  duplicates: "refused" | "ignored" | "replacing"
}

export interface Delete {
  kind: "delete"
  table: TableName
  where?: Expression
  limit?: Count
}

export interface CreateView {
  kind: "createView"
  view: TableName
  orReplace: boolean
  query: Query
  /** The query as it was written: a view is read anew whenever it is used. */
  text: string
}

/** A number literal is its text: every column type reads a number and its text alike. */
export type InsertValue = { placeholder: number } | { literal: string | boolean | null } | "default"

/** SELECTs joined by UNION ALL, usually one. */
export interface Query {
  with: { name: string; query: Query }[]
  selects: Select[]
  orderBy: Order[]
  limit?: Count
  offset?: Count
}

export type Count = { placeholder: number } | { count: number }

export interface Select {
  distinct: boolean
  items: SelectItem[]
  from?: From
  where?: Expression
  groupBy: Expression[]
  having?: Expression
}

export type SelectItem = { kind: "all"; of?: string } | { kind: "one"; expression: Expression; name: string }

export interface From {
  first: Source
  joins: { left: boolean; source: Source; on: Expression }[]
}

export type Source = { table: TableName; alias?: string } | { query: Query; alias: string }

export interface Order {
  expression: Expression
  descending: boolean
}

export type Expression =
  | { kind: "literal"; value: string | boolean | null }
  | { kind: "number"; text: string }
  | { kind: "placeholder"; placeholder: number }
  | { kind: "column"; of?: string; name: string }
  | { kind: "not"; operand: Expression }
  | { kind: "negative"; operand: Expression }
  | { kind: "logic"; operator: "AND" | "OR"; operands: Expression[] }
  | { kind: "comparison"; operator: Comparator; left: Expression; right: Expression }
  | { kind: "arithmetic"; operator: "+" | "-" | "*" | "/" | "%"; left: Expression; right: Expression }
  | { kind: "isNull"; operand: Expression }
  | { kind: "in"; operand: Expression; list: Expression[] | Query }
  | { kind: "between"; operand: Expression; low: Expression; high: Expression }
  | { kind: "like"; operand: Expression; pattern: Expression }
  | {
      kind: "case"
      of?: Expression
      whens: { when: Expression; result: Expression }[]
      otherwise?: Expression
    }
  | { kind: "variable"; name: string }
  | { kind: "path"; operand: Expression; key: string; as: "json" | "text" | "double" }
  | { kind: "cast"; operand: Expression; to: CastType }
  | Call

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=" | "<=>"

export interface Call {
  kind: "call"
  /** In upper case. */
  name: string
  /** Where the name stands, for the refusal of a function that is not known. */
  at: number
  distinct: boolean
  /** "*" for COUNT(*). */
  arguments: Expression[] | "*"
  over?: Window
}

export interface Window {
  partitionBy: Expression[]
  orderBy: Order[]
}

export type CastType =
  | { name: "CHAR" | "SIGNED" | "DOUBLE" | "JSON" | "DATE" }
  | { name: "DECIMAL"; size: number; scale: number }
  | { name: "DATETIME"; size: number }
