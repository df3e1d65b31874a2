import { refusal } from "../errors.ts"
import { type Duckdb, quote, tableName } from "./duckdb.ts"
import { cell, incoming, type StoredRow } from "./rows.ts"
import { type Table, uniqueKeys } from "./table.ts"

/** Stores all rows or none, and says how many were stored: with `ignore`, those whose key is taken are left out. */
export async function insertRows(
  duckdb: Duckdb,
  table: Table,
  stored: StoredRow[],
  ignore: boolean,
): Promise<number> {
  const rows = JSON.stringify(stored)
  const source = `INTO ${tableName(table.database, table.name)} SELECT ${table.columns.map(cell).join(", ")} FROM ${incoming}`
  try {
    return await duckdb.run(`INSERT ${source}`, [rows])
  } catch (error) {
    if (!isDuplicate(error)) throw error
    // Keys are new most of the time, and DuckDB takes twice as long where it has to be ready to ignore one.
    if (ignore) return duckdb.run(`INSERT OR IGNORE ${source}`, [rows])
    throw await duplicateEntry(duckdb, table, rows)
  }
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && /^Constraint Error: .*duplicate key/i.test(error.message)
}

/** Names the first row whose key is taken, by the table or by a row before it, as the engine does. */
async function duplicateEntry(duckdb: Duckdb, table: Table, rows: string): Promise<Error> {
  const target = tableName(table.database, table.name)
  for (const key of uniqueKeys(table)) {
    const parts = table.columns.flatMap((column, index) =>
      key.columns.includes(column.name) ? [{ column, index, given: `given.k${index}` }] : [],
    )
    const cells = parts.map(({ column, index }) => `${cell(column, index)} AS k${index}`)
    const inTable = parts.map(({ column, given }) => `taken.${quote(column.name)} = ${given}`)
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
