import { refusal } from "../errors.ts"
import type { Column, TableName } from "../parse/syntax.ts"
import { type Duckdb, quote, schemaName, tableName, tablePart } from "./duckdb.ts"
import { type Table, uniqueKeys } from "./table.ts"
import { duckdbType } from "./type.ts"
import { toDefaultValue, toStored } from "./value.ts"

/** The databases and tables with their SingleStore types. They are stored in the same file as the data. */
export interface Catalog {
  databases(): string[]
  tables(): Table[]
  /** Returns the name of an existing database, or throws. */
  database(name: string | undefined): string
  findTable(name: TableName, current: string | undefined): Table | undefined
  /** Returns an existing table, or throws. */
  table(name: TableName, current: string | undefined): Table
  createTable(table: Table): Promise<void>
  /** Creates a view or replaces it. */
  putView(view: Table): Promise<void>
  /** Adds columns to the end of a table. */
  addColumns(table: Table, added: Column[]): Promise<void>
  renameTable(table: Table, name: string): Promise<void>
  /** Drops a table or a view. */
  dropTable(table: Table): Promise<void>
}

/** Creates the databases that are missing. */
export async function openCatalog(duckdb: Duckdb, databases: string[]): Promise<Catalog> {
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

  for (const name of databases.filter(name => !known.has(name))) {
    await duckdb.transaction(async () => {
      await duckdb.run(`CREATE SCHEMA ${schemaName(name)}`)
      await duckdb.run("INSERT INTO main.singlesink_databases VALUES ($1)", [name])
    })
    known.set(name, new Map())
  }

  const database = (name: string | undefined) => {
    if (name === undefined) throw refusal(1046)
    if (!known.has(name)) throw refusal(1049, name)
    return name
  }
  const findTable = (name: TableName, current: string | undefined) =>
    known.get(database(name.database ?? current))?.get(name.name)

  /** Replaces a definition in the same transaction as the change to the data. */
  const change = async (
    before: Table | undefined,
    after: Table | undefined,
    work: () => Promise<unknown> = async () => {},
  ) => {
    await duckdb.transaction(async () => {
      await work()
      if (before !== undefined)
        await duckdb.run('DELETE FROM main.singlesink_tables WHERE "database" = $1 AND name = $2', [
          before.database,
          before.name,
        ])
      if (after !== undefined)
        await duckdb.run("INSERT INTO main.singlesink_tables VALUES ($1, $2, $3)", [
          after.database,
          after.name,
          JSON.stringify(after),
        ])
    })
    if (before !== undefined && before.name !== after?.name) known.get(before.database)?.delete(before.name)
    if (after !== undefined) known.get(after.database)?.set(after.name, after)
  }

  return {
    databases: () => [...known.keys()].sort(),
    tables: () => [...known.values()].flatMap(tables => [...tables.values()]),
    database,
    findTable,
    table(name, current) {
      const found = findTable(name, current)
      if (found === undefined) throw refusal(1146, `${name.database ?? current}.${name.name}`)
      return found
    },
    createTable: table => change(undefined, table, () => duckdb.run(toTableSql(table))),
    putView: view => change(view, view),
    addColumns: (table, added) =>
      change(table, { ...table, columns: [...table.columns, ...added] }, () =>
        addColumns(duckdb, tableName(table.database, table.name), added),
      ),
    renameTable: (table, name) =>
      change(table, { ...table, name }, () =>
        duckdb.run(`ALTER TABLE ${tableName(table.database, table.name)} RENAME TO ${tablePart(name)}`),
      ),
    dropTable: table =>
      change(table, undefined, async () => {
        if (table.view === undefined) await duckdb.run(`DROP TABLE ${tableName(table.database, table.name)}`)
      }),
  }
}

function toTableSql(table: Table): string {
  const columns = table.columns.map(({ name, type, nullable }) =>
    [quote(name), duckdbType(type), ...(nullable ? [] : ["NOT NULL"])].join(" "),
  )
  const keys = uniqueKeys(table).map(key => `UNIQUE (${key.columns.map(quote).join(", ")})`)
  return `CREATE TABLE ${tableName(table.database, table.name)} (${[...columns, ...keys].join(", ")})`
}

/** Adds columns, and fills them in the existing rows. */
async function addColumns(duckdb: Duckdb, target: string, added: Column[]): Promise<void> {
  // NOT NULL is checked before DuckDB sees a value.
  for (const { name, type } of added)
    await duckdb.run(`ALTER TABLE ${target} ADD COLUMN ${quote(name)} ${duckdbType(type)}`)
  const cells = added.map(
    ({ name, type }, index) => `${quote(name)} = CAST($${index + 1} AS ${duckdbType(type)})`,
  )
  await duckdb.run(`UPDATE ${target} SET ${cells.join(", ")}`, added.map(toFirstValue))
}

function toFirstValue(column: Column): string | null {
  const { nullable, default: fallback } = column
  return fallback == null && !nullable ? toDefaultValue(column) : toStored(column, fallback ?? null, 1)
}
