/** A parsed statement. A placeholder is its number, so one tree serves any arguments. */
export type Statement =
  | CreateTable
  | { kind: "dropTable"; table: TableName; ifExists: boolean }
  | { kind: "addColumns"; table: TableName; columns: Column[] }
  | { kind: "renameTable"; table: TableName; to: string }
  | CreateView
  | { kind: "dropView"; view: TableName; ifExists: boolean }
  | Insert
  | Delete
  | { kind: "select"; query: Query }
  | { kind: "showTables"; database?: string }
  | { kind: "showDatabases" }
  | { kind: "showCreateTable"; table: TableName }
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
  /** Undefined without a DEFAULT clause, null for DEFAULT NULL. */
  default?: string | boolean | null
}

export interface ColumnType {
  name: TypeName
  /** The characters of CHAR and VARCHAR, the digits of DECIMAL, or the fraction digits of a time. */
  size?: number
  /** The digits after the point of DECIMAL. */
  scale?: number
}

export type TypeName =
  | "tinyint"
  | "smallint"
  | "int"
  | "bigint"
  | "double"
  | "decimal"
  | "char"
  | "varchar"
  | "text"
  | "mediumtext"
  | "longtext"
  | "date"
  | "datetime"
  | "json"

export interface Key {
  kind: "primary" | "unique" | "index" | "shard" | "sort"
  name?: string
  columns: string[]
}

export interface Insert {
  kind: "insert"
  table: TableName
  /** All columns of the table, in its order, if undefined. */
  columns?: string[]
  /** The rows of VALUES, or a query. */
  rows: InsertValue[][] | Query
  /** Whether rows with an existing key are left out instead of refused. */
  ignore: boolean
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
  /** The source text of the query. Every use of the view parses it again. */
  text: string
}

/** A number literal is its text, because every column type reads both alike. */
export type InsertValue = { placeholder: number } | { literal: string | boolean | null } | "default"

/** One SELECT, or several joined by UNION ALL. */
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
  | { kind: "logic"; operator: "AND" | "OR"; operands: Expression[] }
  | { kind: "comparison"; operator: Comparator; left: Expression; right: Expression }
  | { kind: "isNull"; operand: Expression }
  | { kind: "in"; operand: Expression; list: Expression[] }
  | { kind: "like"; operand: Expression; pattern: Expression }
  | { kind: "case"; whens: { when: Expression; result: Expression }[]; otherwise?: Expression }
  | { kind: "variable"; name: string }
  | { kind: "path"; operand: Expression; key: string; as: "json" | "text" | "double" }
  | { kind: "cast"; operand: Expression; to: CastType }
  | Call

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">="

export interface Call {
  kind: "call"
  /** In upper case. */
  name: string
  /** The position of the name, for the error of an unknown function. */
  at: number
  distinct: boolean
  /** "*" for COUNT(*). */
  arguments: Expression[] | "*"
  over?: { partitionBy: Expression[]; orderBy: Order[] }
}

export type CastType = "CHAR" | "SIGNED" | "DOUBLE"
