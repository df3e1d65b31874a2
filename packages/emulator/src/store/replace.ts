import { type Duckdb, quote, tableName } from "./duckdb.ts"
import { insertRows } from "./insert.ts"
import { cell, incoming, type StoredRow } from "./rows.ts"
import { type NamedKey, type Table, uniqueKeys } from "./table.ts"

/** Stores the rows in place of those that share a key with them, and counts as MySQL does: both the new and the old. */
export async function replaceRows(duckdb: Duckdb, table: Table, stored: StoredRow[]): Promise<number> {
  return duckdb.transaction(async () => {
    let removed = 0
    const rows = JSON.stringify(stored)
    for (const key of uniqueKeys(table)) removed += await duckdb.run(removal(table, key), [rows])
    const kept = survivors(table, stored)
    await insertRows(duckdb, table, kept, false)
    // A row that a later one of the statement replaces was stored too, and removed again.
    return removed + stored.length + (stored.length - kept.length)
  })
}

function removal(table: Table, key: NamedKey): string {
  const target = tableName(table.database, table.name)
  const parts = table.columns.flatMap((column, index) =>
    key.columns.includes(column.name) ? [{ column, index }] : [],
  )
  const cells = parts.map(({ column, index }) => `${cell(column, index)} AS k${index}`)
  const same = parts.map(({ column, index }) => `taken.${quote(column.name)} = given.k${index}`)
  return `DELETE FROM ${target} WHERE rowid IN (
    SELECT taken.rowid FROM ${target} AS taken JOIN (SELECT ${cells.join(", ")} FROM ${incoming}) AS given
    ON ${same.join(" AND ")})`
}

/** The rows that no later row replaces. */
function survivors(table: Table, stored: StoredRow[]): StoredRow[] {
  const keys = uniqueKeys(table)
  const holders = keys.map(() => new Map<string, StoredRow>())
  const kept = new Set<StoredRow>()
  for (const row of stored) {
    const values = keys.map(key => keyText(table, key, row))
    for (const [index, value] of values.entries()) {
      const older = value === undefined ? undefined : holders[index]?.get(value)
      if (older !== undefined) kept.delete(older)
    }
    kept.add(row)
    for (const [index, value] of values.entries()) if (value !== undefined) holders[index]?.set(value, row)
  }
  return [...kept]
}

/** Equal for rows with the same key; undefined where one of its values is NULL, which equals nothing. */
function keyText(table: Table, key: NamedKey, row: StoredRow): string | undefined {
  const values = table.columns.flatMap((column, index) => {
    if (!key.columns.includes(column.name)) return []
    const value = row[index] ?? null
    return [column.type.name === "float" && value !== null ? String(Math.fround(Number(value))) : value]
  })
  return values.includes(null) ? undefined : JSON.stringify(values)
}
