import { refusal } from "../errors.ts"
import type { Column, InsertValue } from "../parse/syntax.ts"
import { toCoerced } from "./coerce.ts"
import { findColumn, type Table } from "./table.ts"
import { duckdbType } from "./type.ts"
import { toStored, type Value } from "./value.ts"

/** A row in the column order of the table. DuckDB casts each text to the type of its column. */
export type StoredRow = (string | null)[]

/** The rows are one JSON parameter, because DuckDB unnests it far faster than it binds single values. */
export const incoming = `(SELECT unnest(from_json($1, '[["VARCHAR"]]')) AS value)`

/** DuckDB's SQL for one column of such a row. */
export function toCell(column: Column, index: number): string {
  return `CAST(value[${index + 1}] AS ${duckdbType(column.type)})`
}

/** Checks every value of the rows. With `coerce`, values are changed to fit instead. */
export function toStoredRows(
  table: Table,
  columns: string[] | undefined,
  rows: InsertValue[][],
  values: Value[],
  coerce: boolean,
): StoredRow[] {
  const targets = findTargets(table, columns)
  const places = table.columns.map(column => targets.indexOf(column))
  return rows.map((row, index) => {
    if (row.length !== targets.length) throw refusal(1136, index + 1)
    return table.columns.map((column, at) => {
      const given = row[places[at] ?? -1]
      const value = chooseValue(column, given, values, coerce)
      return coerce ? toCoerced(column, value, index + 1) : toStored(column, value, index + 1)
    })
  })
}

function findTargets(table: Table, names: string[] | undefined): Column[] {
  if (names === undefined) return table.columns
  const targets: Column[] = []
  for (const name of names) {
    const column = findColumn(table.columns, name)
    if (column === undefined) throw refusal(1054, name, "field list")
    if (targets.includes(column)) throw refusal(1110, name)
    targets.push(column)
  }
  return targets
}

function chooseValue(
  column: Column,
  given: InsertValue | undefined,
  values: Value[],
  coerce: boolean,
): Value {
  if (given === undefined || given === "default") {
    if (column.default === undefined && !column.nullable && !coerce) throw refusal(1364, column.name)
    return column.default ?? null
  }
  return "literal" in given ? given.literal : (values[given.placeholder] ?? null)
}
