import type { ColumnType, TypeName } from "../parse/syntax.ts"

/** The kind of a value in an expression. */
export type Kind =
  | "null"
  | "boolean"
  | "integer"
  | "decimal"
  | "double"
  | "text"
  | "json"
  | "date"
  | "datetime"

/** A kind, with the digits of a decimal or a datetime after the point. */
export interface ValueType {
  kind: Kind
  digits: number
}

interface TypeFacts {
  kind: Kind
  duckdb: string
  /** The bits of an integer. */
  bits?: number
  /** The largest size of a text. */
  maxBytes?: number
  /** The display width of an integer in information_schema. */
  width?: number
}

/** The column types. A new type starts with a line here. */
export const typeFacts: Record<TypeName, TypeFacts> = {
  tinyint: { kind: "integer", duckdb: "TINYINT", bits: 8, width: 4 },
  smallint: { kind: "integer", duckdb: "SMALLINT", bits: 16, width: 6 },
  int: { kind: "integer", duckdb: "INTEGER", bits: 32, width: 11 },
  bigint: { kind: "integer", duckdb: "BIGINT", bits: 64, width: 20 },
  double: { kind: "double", duckdb: "DOUBLE" },
  decimal: { kind: "decimal", duckdb: "DECIMAL" },
  char: { kind: "text", duckdb: "VARCHAR" },
  varchar: { kind: "text", duckdb: "VARCHAR" },
  text: { kind: "text", duckdb: "VARCHAR", maxBytes: 65_535 },
  mediumtext: { kind: "text", duckdb: "VARCHAR", maxBytes: 16_777_215 },
  longtext: { kind: "text", duckdb: "VARCHAR" },
  date: { kind: "date", duckdb: "DATE" },
  datetime: { kind: "datetime", duckdb: "TIMESTAMP" },
  json: { kind: "json", duckdb: "JSON" },
}

export function isTypeName(name: string): name is TypeName {
  return Object.hasOwn(typeFacts, name)
}

export function valueType(type: ColumnType): ValueType {
  const { kind } = typeFacts[type.name]
  if (kind === "decimal") return { kind, digits: type.scale ?? 0 }
  if (kind === "datetime") return { kind, digits: type.size ?? 0 }
  return { kind, digits: 0 }
}

export function duckdbType(type: ColumnType): string {
  return type.name === "decimal" ? `DECIMAL(${type.size}, ${type.scale})` : typeFacts[type.name].duckdb
}

/** COLUMN_TYPE of information_schema: `varchar(255)`, `datetime(6)`, `bigint(20)`. */
export function typeText({ name, size, scale }: ColumnType): string {
  if (name === "decimal") return `decimal(${size},${scale})`
  const digits = size || typeFacts[name].width
  return digits ? `${name}(${digits})` : name
}

/** The column type of an expression. */
export function toColumnType({ kind, digits }: ValueType): ColumnType {
  if (kind === "null") return { name: "text" }
  if (kind === "boolean" || kind === "integer") return { name: "bigint" }
  if (kind === "decimal") return { name: "decimal", size: 38, scale: digits }
  return kind === "datetime" ? { name: kind, size: digits } : { name: kind }
}
