import type { ColumnType, TypeName } from "../parse/syntax.ts"

/** What a value is to an expression. */
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
  | "binary"

/** A kind, with the digits after the point of a decimal or a datetime. */
export interface ValueType {
  kind: Kind
  digits: number
}

interface TypeFacts {
  kind: Kind
  duckdb: string
  /** Bits of an integer. */
  bits?: number
  /** How many bytes a text may have. */
  maxBytes?: number
  /** How information_schema prints the width of an integer, signed and unsigned. */
  widths?: [number, number]
}

/** One line for each column type: adding a type starts here. */
export const typeFacts: Record<TypeName, TypeFacts> = {
  tinyint: { kind: "integer", duckdb: "TINYINT", bits: 8, widths: [4, 3] },
  smallint: { kind: "integer", duckdb: "SMALLINT", bits: 16, widths: [6, 5] },
  mediumint: { kind: "integer", duckdb: "INTEGER", bits: 24, widths: [9, 8] },
  int: { kind: "integer", duckdb: "INTEGER", bits: 32, widths: [11, 10] },
  bigint: { kind: "integer", duckdb: "BIGINT", bits: 64, widths: [20, 20] },
  float: { kind: "double", duckdb: "FLOAT" },
  double: { kind: "double", duckdb: "DOUBLE" },
  decimal: { kind: "decimal", duckdb: "DECIMAL" },
  char: { kind: "text", duckdb: "VARCHAR" },
  varchar: { kind: "text", duckdb: "VARCHAR" },
  tinytext: { kind: "text", duckdb: "VARCHAR", maxBytes: 255 },
  text: { kind: "text", duckdb: "VARCHAR", maxBytes: 65_535 },
  mediumtext: { kind: "text", duckdb: "VARCHAR", maxBytes: 16_777_215 },
  longtext: { kind: "text", duckdb: "VARCHAR" },
  date: { kind: "date", duckdb: "DATE" },
  datetime: { kind: "datetime", duckdb: "TIMESTAMP" },
  timestamp: { kind: "datetime", duckdb: "TIMESTAMP" },
  json: { kind: "json", duckdb: "JSON" },
  // No column has it here, but UNHEX gives it.
  varbinary: { kind: "binary", duckdb: "BLOB" },
}

export function valueType(type: ColumnType): ValueType {
  const { kind } = typeFacts[type.name]
  if (kind === "decimal") return { kind, digits: type.scale ?? 0 }
  if (kind === "datetime") return { kind, digits: type.size ?? 0 }
  return { kind, digits: 0 }
}

export function duckdbType(type: ColumnType): string {
  const { duckdb } = typeFacts[type.name]
  if (type.name === "decimal") return `DECIMAL(${type.size}, ${type.scale})`
  return type.unsigned ? `U${duckdb}` : duckdb
}

/** COLUMN_TYPE of information_schema: `varchar(255)`, `datetime(6)`, `bigint(20) unsigned`. */
export function typeText({ name, size, scale, unsigned }: ColumnType): string {
  const { widths } = typeFacts[name]
  if (widths !== undefined) return unsigned ? `${name}(${widths[1]}) unsigned` : `${name}(${widths[0]})`
  if (name === "decimal") return `decimal(${size},${scale})`
  return size ? `${name}(${size})` : name
}

/** What a column of a result is declared as. */
export interface Declared {
  type: ColumnType
  nullable: boolean
}

/** What an expression would be as a column. */
export function declared({ kind, digits }: ValueType): Declared {
  return { type: expressionType(kind, digits), nullable: true }
}

function expressionType(kind: Kind, digits: number): ColumnType {
  switch (kind) {
    case "null":
    case "text":
      return { name: "text" }
    case "boolean":
    case "integer":
      return { name: "bigint" }
    case "decimal":
      return { name: "decimal", size: 38, scale: digits }
    case "datetime":
      return { name: "datetime", size: digits }
    case "binary":
      return { name: "varbinary" }
    default:
      return { name: kind }
  }
}

/** dataType of query/tuples: `BIGINT`, `VARCHAR(255)`, `DECIMAL(20,4)`. It does not tell whether a number is unsigned. */
export function dataType({ name, size, scale }: ColumnType): string {
  const length = name === "decimal" ? `(${size},${scale})` : size ? `(${size})` : ""
  return name.toUpperCase() + length
}
