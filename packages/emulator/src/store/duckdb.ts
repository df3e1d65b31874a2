import { DuckDBInstance, type DuckDBValue } from "@duckdb/node-api"

export type Parameter = string | bigint | number | null

/** One connection to DuckDB. The caller sends one statement at a time. */
export interface Duckdb {
  /** Runs a statement, and returns the number of changed rows. */
  run(sql: string, parameters?: Parameter[]): Promise<number>
  read(sql: string, parameters?: Parameter[]): Promise<DuckDBValue[][]>
  /** Commits the work, or rolls all of it back. */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>
  close(): void
}

export async function openDuckdb(file: string | undefined): Promise<Duckdb> {
  // Small statements are a fifth faster with one thread.
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
        // A failed COMMIT has already ended the transaction.
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

/** Quotes a name for DuckDB. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The DuckDB schema of a database. The prefix avoids DuckDB's own schemas, such as "main" and "temp". */
export function schemaName(database: string): string {
  return quote(`db_${markCase(database)}`)
}

export function tableName(database: string, name: string): string {
  return `${schemaName(database)}.${tablePart(name)}`
}

/** The name of a table without its schema. */
export function tablePart(name: string): string {
  return quote(markCase(name))
}

/** Marks capitals, because `Events` and `events` are the same name to DuckDB. */
function markCase(name: string): string {
  return name.replace(/[A-Z!]/g, capital => `!${capital}`)
}
