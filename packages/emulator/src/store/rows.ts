import { refusal } from "../errors.ts"
import type { Column, Insert, InsertValue } from "../parse/syntax.ts"
import { toSoftened } from "./soften.ts"
import { findColumn, type Table } from "./table.ts"
import { duckdbType } from "./type.ts"
import { toStored, type Value } from "./value.ts"

/** A row in the table's column order, each value as the text that DuckDB casts. */
export type StoredRow = (string | null)[]

/** The rows travel as one JSON parameter: DuckDB unnests it far faster than it binds a value for each placeholder. */
export const incoming = `(SELECT unnest(from_json($1, '[["VARCHAR"]]')) AS value)`

/** DuckDB's SQL for the value of one column in such a row. */
export function cell(column: Column, index: number): string {
  return `CAST(value[${index + 1}] AS ${duckdbType(column.type)})`
}

/** Checks every value of the statement; where it is soft, it makes them fit instead. */
export function storedRows(table: Table, insert: Insert, values: Value[], soft: boolean): StoredRow[] {
  const targets = targetColumns(table, insert.columns)
  const places = table.columns.map(column => targets.indexOf(column))
  return insert.rows.map((row, index) => {
    if (row.length !== targets.length) throw refusal(1136, index + 1)
    return table.columns.map((column, at) => {
      const place = places[at] ?? -1
      const given = place === -1 ? undefined : row[place]
      const value = chooseValue(column, given, values, soft)
      return soft ? toSoftened(column, value, index + 1) : toStored(column, value, index + 1)
    })
  })
}

function targetColumns(table: Table, names: string[] | undefined): Column[] {
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

function chooseValue(column: Column, given: InsertValue | undefined, values: Value[], soft: boolean): Value {
  if (given === undefined || given === "default") {
    if (column.default === undefined && !column.nullable && !soft) throw refusal(1364, column.name)
    return column.default ?? null
  }
  return "literal" in given ? given.literal : (values[given.placeholder] ?? null)
}
