import type { DuckDBValue } from "@duckdb/node-api"
import { type StatementError, valueError } from "../errors.ts"
import type { Duckdb, Parameter } from "./duckdb.ts"

interface Read {
  rows: DuckDBValue[][]
  error?: StatementError
}

/**
 * The rows of a query, or the rows before one that cannot be made and why: the server streams, so those have left. Of
 * sorted rows none has, since the last could have come first.
 */
export async function readRows(
  duckdb: Duckdb,
  sql: string,
  parameters: Parameter[],
  isSorted: boolean,
): Promise<Read> {
  try {
    return { rows: await duckdb.read(sql, parameters) }
  } catch (cause) {
    const error = valueError(cause)
    if (error === undefined) throw cause
    return { rows: isSorted ? [] : await rowsBefore(duckdb, sql, parameters), error }
  }
}

/** DuckDB makes rows by the thousand, so the first one that fails is found by asking for fewer. */
async function rowsBefore(duckdb: Duckdb, sql: string, parameters: Parameter[]): Promise<DuckDBValue[][]> {
  let rows: DuckDBValue[][] = []
  let tooMany = Number.POSITIVE_INFINITY
  for (;;) {
    const count =
      tooMany === Number.POSITIVE_INFINITY ? rows.length * 2 + 1 : Math.floor((rows.length + tooMany) / 2)
    if (count === rows.length) return rows
    try {
      const found = await duckdb.read(`SELECT * FROM (${sql}) AS failed LIMIT ${count}`, parameters)
      rows = found
      if (found.length < count) return rows
    } catch {
      tooMany = count
    }
  }
}
