import type { Call, Workings } from "./engine.ts"
import { refusal, StatementError } from "./errors.ts"
import type { Delete, Insert, Statement } from "./parse/syntax.ts"
import { insertRows } from "./store/insert.ts"
import { replaceRows } from "./store/replace.ts"
import { storedRows } from "./store/rows.ts"
import { type Table, toTable, withColumns } from "./store/table.ts"
import { declared } from "./store/type.ts"
import { isInformationSchema } from "./store/virtual.ts"
import { translateDelete } from "./translate/delete.ts"
import { translateQuery } from "./translate/query.ts"

type Of<Kind> = Extract<Statement, { kind: Kind }>

/** Runs a statement without a result, and says how many rows it stored or removed. */
export async function execute(statement: Statement, call: Call, workings: Workings): Promise<number> {
  switch (statement.kind) {
    case "insert":
      return insert(statement, call, workings)
    case "delete":
      return remove(statement, call, workings)
    case "createTable":
      return createTable(statement, call, workings)
    case "addColumns":
      return addColumns(statement, call, workings)
    case "dropTable":
      return dropTable(statement, call, workings)
    case "createView":
      return createView(statement, call, workings)
    case "dropView":
      return dropView(statement, call, workings)
    case "createDatabase":
      return createDatabase(statement, workings)
    case "dropDatabase":
      return dropDatabase(statement, workings)
    default:
      throw new StatementError("this statement has a result set: send it to /api/v2/query/rows", 400)
  }
}

async function insert(statement: Insert, call: Call, workings: Workings): Promise<number> {
  const { duckdb, catalog, grants, ignoreSoftens } = workings
  const { table: name, duplicates } = statement
  grants.check("INSERT", name.name)
  if (duplicates === "replacing") grants.check("DELETE", name.name)
  const table = catalog.table(name, call.database)
  if (table.view !== undefined)
    throw refusal(1471, name.name, duplicates === "replacing" ? "REPLACE" : "INSERT")
  const soft = ignoreSoftens && duplicates === "ignored"
  const rows = storedRows(table, statement, call.values, soft)
  return duplicates === "replacing"
    ? replaceRows(duckdb, table, rows)
    : insertRows(duckdb, table, rows, duplicates === "ignored")
}

async function remove(statement: Delete, call: Call, workings: Workings): Promise<number> {
  const { name } = statement.table
  workings.grants.check("DELETE", name)
  const table = workings.catalog.table(statement.table, call.database)
  if (table.view !== undefined) throw refusal(1288, name, "DELETE")
  const context = workings.context(call)
  return workings.duckdb.run(translateDelete(statement, table, context), context.parameters)
}

async function createTable(statement: Of<"createTable">, call: Call, workings: Workings): Promise<number> {
  const { catalog, grants } = workings
  const { name } = statement.table
  grants.check("CREATE", name)
  const database = catalog.database(statement.table.database ?? call.database)
  const exists = catalog.findTable(statement.table, database) !== undefined
  if (exists && !statement.ifNotExists) throw refusal(1050, name)
  if (!exists) await catalog.createTable(toTable(statement, database))
  return 0
}

async function addColumns(statement: Of<"addColumns">, call: Call, workings: Workings): Promise<number> {
  workings.grants.check("ALTER", statement.table.name)
  const table = workings.catalog.table(statement.table, call.database)
  if (table.view !== undefined) throw refusal(1347, `${table.database}.${table.name}`, "BASE TABLE")
  await workings.catalog.addColumns(withColumns(table, statement.columns))
  return 0
}

async function dropTable(statement: Of<"dropTable">, call: Call, workings: Workings): Promise<number> {
  const { name } = statement.table
  workings.grants.check("DROP", name)
  const found = workings.catalog.findTable(statement.table, call.database)
  if (found !== undefined && found.view === undefined) await workings.catalog.dropTable(found)
  else if (!statement.ifExists) throw refusal(1051, name)
  return 0
}

async function createView(statement: Of<"createView">, call: Call, workings: Workings): Promise<number> {
  const { catalog, grants } = workings
  const { name } = statement.view
  grants.check("CREATE VIEW", name)
  const database = catalog.database(statement.view.database ?? call.database)
  const found = catalog.findTable(statement.view, database)
  if (found !== undefined && !statement.orReplace) throw refusal(1050, name)
  if (found !== undefined && found.view === undefined) throw refusal(1347, `${database}.${name}`, "VIEW")
  if (found !== undefined) grants.check("DROP VIEW", name)
  await catalog.putView(toView(statement, database, call, workings))
  return 0
}

/** Its columns stay as they are now, whatever its tables become. */
function toView(statement: Of<"createView">, database: string, call: Call, workings: Workings): Table {
  const { name } = statement.view
  const context = workings.context(call, [`${database}.${name}`])
  const { columns } = translateQuery(statement.query, context)
  const taken = new Set<string>()
  for (const column of columns) {
    const lower = column.name.toLowerCase()
    if (taken.has(lower)) throw refusal(1060, column.name)
    taken.add(lower)
  }
  const declarations = columns.map(column => ({
    name: column.name,
    ...(column.declared ?? declared(column.type)),
  }))
  const view = { text: statement.text, ...(call.database !== undefined && { database: call.database }) }
  return { database, name, columns: declarations, keys: [], view }
}

async function dropView(statement: Of<"dropView">, call: Call, workings: Workings): Promise<number> {
  const { name } = statement.view
  workings.grants.check("DROP VIEW", name)
  const found = workings.catalog.findTable(statement.view, call.database)
  if (found !== undefined && found.view === undefined)
    throw refusal(1347, `${found.database}.${name}`, "VIEW")
  if (found !== undefined) await workings.catalog.dropTable(found)
  else if (!statement.ifExists) throw refusal(1051, name)
  return 0
}

async function createDatabase(
  statement: Of<"createDatabase">,
  { catalog, grants }: Workings,
): Promise<number> {
  const { name } = statement
  grants.checkDatabase("CREATE DATABASE", name)
  const exists = catalog.hasDatabase(name) || isInformationSchema(name)
  if (exists && !statement.ifNotExists) throw refusal(1007, name)
  if (!exists) await catalog.createDatabase(name)
  return 0
}

async function dropDatabase(statement: Of<"dropDatabase">, { catalog, grants }: Workings): Promise<number> {
  const { name } = statement
  grants.checkDatabase("DROP DATABASE", name)
  if (catalog.hasDatabase(name)) await catalog.dropDatabase(name)
  else if (!statement.ifExists) throw refusal(1008, name)
  return 0
}
