import { refusal } from "../errors.ts"
import type { Column, TableName } from "../parse/syntax.ts"
import { type Duckdb, quote, schemaName, tableName } from "./duckdb.ts"
import { implicitValue } from "./implicit.ts"
import { type Table, uniqueKeys } from "./table.ts"
import { duckdbType } from "./type.ts"
import { toStored } from "./value.ts"

/** The databases and tables with their SingleStore types; kept beside the data, so a reopened file still knows them. */
export interface Catalog {
  databases(): string[]
  tables(): Table[]
  hasDatabase(name: string): boolean
  /** The name of a database that exists, or a refusal. */
  database(name: string | undefined): string
  findTable(name: TableName, current: string | undefined): Table | undefined
  /** A table that exists, or a refusal. */
  table(name: TableName, current: string | undefined): Table
  createDatabase(name: string): Promise<void>
  dropDatabase(name: string): Promise<void>
  createTable(table: Table): Promise<void>
  /** Puts a view in the place of the one that had its name. */
  putView(view: Table): Promise<void>
  /** Adds the columns that the table has more than the one the catalog knows. */
  addColumns(table: Table): Promise<void>
  /** Drops a table or a view. */
  dropTable(table: Table): Promise<void>
}

export async function openCatalog(duckdb: Duckdb): Promise<Catalog> {
  await duckdb.run("CREATE TABLE IF NOT EXISTS main.singlesink_databases (name VARCHAR)")
  await duckdb.run(
    'CREATE TABLE IF NOT EXISTS main.singlesink_tables ("database" VARCHAR, name VARCHAR, definition VARCHAR)',
  )
  const known = new Map<string, Map<string, Table>>()
  for (const [name] of await duckdb.read("SELECT name FROM main.singlesink_databases"))
    known.set(String(name), new Map())
  for (const [definition] of await duckdb.read("SELECT definition FROM main.singlesink_tables")) {
    const table: Table = JSON.parse(String(definition))
    known.get(table.database)?.set(table.name, table)
  }

  const database = (name: string | undefined) => {
    if (name === undefined) throw refusal(1046)
    if (!known.has(name)) throw refusal(1049, name)
    return name
  }
  const define = (table: Table) =>
    duckdb.run("INSERT INTO main.singlesink_tables VALUES ($1, $2, $3)", [
      table.database,
      table.name,
      JSON.stringify(table),
    ])
  const forget = (table: Table) =>
    duckdb.run('DELETE FROM main.singlesink_tables WHERE "database" = $1 AND name = $2', [
      table.database,
      table.name,
    ])
  const findTable = (name: TableName, current: string | undefined) =>
    known.get(database(name.database ?? current))?.get(name.name)

  return {
    databases: () => [...known.keys()].sort(),
    tables: () => [...known.values()].flatMap(tables => [...tables.values()]),
    hasDatabase: name => known.has(name),
    database,
    findTable,
    table(name, current) {
      const found = findTable(name, current)
      if (found === undefined) throw refusal(1146, `${name.database ?? current}.${name.name}`)
      return found
    },
    async createDatabase(name) {
      await duckdb.transaction(async () => {
        await duckdb.run(`CREATE SCHEMA ${schemaName(name)}`)
        await duckdb.run("INSERT INTO main.singlesink_databases VALUES ($1)", [name])
      })
      known.set(name, new Map())
    },
    async dropDatabase(name) {
      await duckdb.transaction(async () => {
        await duckdb.run(`DROP SCHEMA ${schemaName(name)} CASCADE`)
        await duckdb.run('DELETE FROM main.singlesink_tables WHERE "database" = $1', [name])
        await duckdb.run("DELETE FROM main.singlesink_databases WHERE name = $1", [name])
      })
      known.delete(name)
    },
    async createTable(table) {
      await duckdb.transaction(async () => {
        await duckdb.run(duckdbTable(table))
        await define(table)
      })
      known.get(table.database)?.set(table.name, table)
    },
    async putView(view) {
      await duckdb.transaction(async () => {
        await forget(view)
        await define(view)
      })
      known.get(view.database)?.set(view.name, view)
    },
    async addColumns(table) {
      const already = known.get(table.database)?.get(table.name)?.columns.length ?? 0
      await duckdb.transaction(async () => {
        await addColumns(duckdb, table, table.columns.slice(already))
        await forget(table)
        await define(table)
      })
      known.get(table.database)?.set(table.name, table)
    },
    async dropTable(table) {
      await duckdb.transaction(async () => {
        if (table.view === undefined) await duckdb.run(`DROP TABLE ${tableName(table.database, table.name)}`)
        await forget(table)
      })
      known.get(table.database)?.delete(table.name)
    },
  }
}

function duckdbTable(table: Table): string {
  const columns = table.columns.map(({ name, type, nullable }) =>
    [quote(name), duckdbType(type), ...(nullable ? [] : ["NOT NULL"])].join(" "),
  )
  const keys = uniqueKeys(table).map(key => `UNIQUE (${key.columns.map(quote).join(", ")})`)
  return `CREATE TABLE ${tableName(table.database, table.name)} (${[...columns, ...keys].join(", ")})`
}

/** Adds columns, and gives their values to the rows that are there. */
async function addColumns(duckdb: Duckdb, table: Table, added: Column[]): Promise<void> {
  const target = tableName(table.database, table.name)
  // NOT NULL is checked before DuckDB sees a value, so it need not know.
  for (const { name, type } of added)
    await duckdb.run(`ALTER TABLE ${target} ADD COLUMN ${quote(name)} ${duckdbType(type)}`)
  const cells = added.map(
    ({ name, type }, index) => `${quote(name)} = CAST($${index + 1} AS ${duckdbType(type)})`,
  )
  await duckdb.run(`UPDATE ${target} SET ${cells.join(", ")}`, added.map(firstValue))
}

function firstValue(column: Column): string | null {
  const { nullable, default: fallback } = column
  return fallback == null && !nullable ? implicitValue(column) : toStored(column, fallback ?? null, 1)
}
