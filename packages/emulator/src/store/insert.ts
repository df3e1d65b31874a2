import { refusal } from "../errors.ts"
import { type Duckdb, quote, tableName } from "./duckdb.ts"
import { incoming, type StoredRow, toCell } from "./rows.ts"
import { type Table, uniqueKeys } from "./table.ts"

/** Stores all rows or none, and returns the number stored. With `ignore`, rows with an existing key are left out. */
export async function insertRows(
  duckdb: Duckdb,
  table: Table,
  stored: StoredRow[],
  ignore: boolean,
): Promise<number> {
  const rows = JSON.stringify(stored)
  const source = `INTO ${tableName(table.database, table.name)} SELECT ${table.columns.map(toCell).join(", ")} FROM ${incoming}`
  try {
    return await duckdb.run(`INSERT ${source}`, [rows])
  } catch (error) {
    if (!isDuplicate(error)) throw error
    // Most keys are new, and DuckDB takes twice as long for INSERT OR IGNORE.
    if (ignore) return duckdb.run(`INSERT OR IGNORE ${source}`, [rows])
    throw await toDuplicateEntry(duckdb, table, rows)
  }
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && /^Constraint Error: .*duplicate key/i.test(error.message)
}

/** Names the first row whose key is in the table or in an earlier row, as the engine does. */
async function toDuplicateEntry(duckdb: Duckdb, table: Table, rows: string): Promise<Error> {
  const target = tableName(table.database, table.name)
  for (const key of uniqueKeys(table)) {
    const parts = table.columns.flatMap((column, index) =>
      key.columns.includes(column.name) ? [{ column, index, given: `given.k${index}` }] : [],
    )
    const cells = parts.map(({ column, index }) => `${toCell(column, index)} AS k${index}`)
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
