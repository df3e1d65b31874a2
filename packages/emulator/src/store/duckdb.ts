import { DuckDBInstance, type DuckDBValue } from "@duckdb/node-api"

export type Parameter = string | bigint | number | null

/** One connection to DuckDB; whoever uses it sends one statement at a time. */
export interface Duckdb {
  /** Runs a statement and says how many rows it changed. */
  run(sql: string, parameters?: Parameter[]): Promise<number>
  read(sql: string, parameters?: Parameter[]): Promise<DuckDBValue[][]>
  /** All of the work is kept, or nothing of it. */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>
  close(): void
}

export async function openDuckdb(file: string | undefined): Promise<Duckdb> {
  // One thread: small statements are a fifth faster with it, and the statements here are small.
  const instance = await DuckDBInstance.create(file ?? ":memory:", { threads: "1" })
  const connection = await instance.connect()
  const run = async (sql: string, parameters?: Parameter[]) =>
    (await connection.run(sql, parameters)).rowsChanged
  return {
    run,
    async read(sql, parameters) {
      return (await connection.runAndReadAll(sql, parameters)).getRows()
    },
    async transaction(work) {
      await run("BEGIN")
      try {
        const result = await work()
        await run("COMMIT")
        return result
      } catch (error) {
        // A COMMIT that failed has ended the transaction already.
        await run("ROLLBACK").catch(() => {})
        throw error
      }
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** A name for DuckDB's SQL. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** DuckDB's schema of a database. The prefix keeps a database called "main" or "temp" apart from DuckDB's own. */
export function schemaName(database: string): string {
  return quote(`db_${markCase(database)}`)
}

export function tableName(database: string, name: string): string {
  return `${schemaName(database)}.${quote(markCase(name))}`
}

/** SingleStore tells `Events` from `events`, DuckDB does not: capitals get a mark. */
function markCase(name: string): string {
  return name.replace(/[A-Z!]/g, capital => `!${capital}`)
}
