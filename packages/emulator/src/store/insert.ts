import { refusal } from "../errors.ts"
import type { Column, Insert, InsertValue } from "../parse/syntax.ts"
import { type Duckdb, quote, tableName } from "./duckdb.ts"
import { findColumn, type Table, uniqueKeys } from "./table.ts"
import { duckdbType } from "./type.ts"
import { toStored, type Value } from "./value.ts"

/** The rows travel as one JSON parameter: DuckDB unnests it far faster than it binds a value for each placeholder. */
const incoming = `(SELECT unnest(from_json($1, '[["VARCHAR"]]')) AS value)`

/** Checks every value, then stores all rows or none, and says how many were stored. */
export async function insertRows(
  duckdb: Duckdb,
  table: Table,
  insert: Insert,
  values: Value[],
): Promise<number> {
  const rows = JSON.stringify(storedRows(table, insert, values))
  const cells = table.columns.map(({ type }, index) => `CAST(value[${index + 1}] AS ${duckdbType(type)})`)
  const target = tableName(table.database, table.name)
  const source = `INTO ${target} SELECT ${cells.join(", ")} FROM ${incoming}`
  try {
    return await duckdb.run(`INSERT ${source}`, [rows])
  } catch (error) {
    if (!isDuplicate(error)) throw error
    // Keys are new most of the time, and DuckDB takes twice as long where it has to be ready to ignore one.
    if (insert.ignore) return duckdb.run(`INSERT OR IGNORE ${source}`, [rows])
    throw await duplicateEntry(duckdb, table, rows)
  }
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && /^Constraint Error: .*duplicate key/i.test(error.message)
}

/** The rows in the table's column order, each value as the text that DuckDB casts. */
function storedRows(table: Table, insert: Insert, values: Value[]): (string | null)[][] {
  const targets = targetColumns(table, insert.columns)
  const places = table.columns.map(column => targets.indexOf(column))
  return insert.rows.map((row, index) => {
    if (row.length !== targets.length) throw refusal(1136, index + 1)
    return table.columns.map((column, at) => {
      const place = places[at] ?? -1
      const given = place === -1 ? undefined : row[place]
      return toStored(column, chooseValue(column, given, values), index + 1)
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

function chooseValue(column: Column, given: InsertValue | undefined, values: Value[]): Value {
  if (given === undefined || given === "default") {
    if (column.default === undefined && !column.nullable) throw refusal(1364, column.name)
    return column.default ?? null
  }
  return "literal" in given ? given.literal : (values[given.placeholder] ?? null)
}

/** Names the first row whose key is taken, by the table or by a row before it, as the engine does. */
async function duplicateEntry(duckdb: Duckdb, table: Table, rows: string): Promise<Error> {
  const target = tableName(table.database, table.name)
  for (const key of uniqueKeys(table)) {
    const parts = table.columns.flatMap((column, index) =>
      key.columns.includes(column.name) ? [{ ...column, index, given: `given.k${index}` }] : [],
    )
    const cells = parts.map(
      ({ type, index }) => `CAST(value[${index + 1}] AS ${duckdbType(type)}) AS k${index}`,
    )
    const inTable = parts.map(({ name, given }) => `taken.${quote(name)} = ${given}`)
    const inRows = parts.map(({ index, given }) => `taken.k${index} = ${given}`)
    const [found] = await duckdb.read(
      `WITH given AS (SELECT row_number() OVER () AS place, ${cells.join(", ")} FROM ${incoming})
       SELECT concat_ws('-', ${parts.map(({ given }) => given).join(", ")}) FROM given
       WHERE EXISTS (SELECT 1 FROM ${target} AS taken WHERE ${inTable.join(" AND ")})
          OR EXISTS (SELECT 1 FROM given AS taken WHERE ${inRows.join(" AND ")} AND taken.place < given.place)
       ORDER BY place LIMIT 1`,
      [rows],
    )
    if (found !== undefined) return refusal(1062, String(found[0]), key.name)
  }
  return refusal(1062, "?", "?")
}
