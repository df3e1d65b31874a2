import type { Call, Dependencies } from "./call.ts"
import { refusal, StatementError } from "./errors.ts"
import type { Query, Statement, TableName } from "./parse/syntax.ts"
import { insertRows } from "./store/insert.ts"
import { toText } from "./store/result.ts"
import { toStoredRows } from "./store/rows.ts"
import { checkAddedColumns, checkColumns, type Table, toTable } from "./store/table.ts"
import { toColumnType } from "./store/type.ts"
import { createContext } from "./translate/context.ts"
import { translateDelete, translateQuery } from "./translate/query.ts"

/** Runs a statement of one kind, and returns the number of rows stored or removed. */
type Execute<Kind extends Statement["kind"]> = (
  statement: Extract<Statement, { kind: Kind }>,
  call: Call,
  dependencies: Dependencies,
) => Promise<number>

export const execute: Execute<Statement["kind"]> = async (statement, call, dependencies) => {
  const run = executors[statement.kind] as Execute<Statement["kind"]> | undefined
  if (run !== undefined) return run(statement, call, dependencies)
  throw new StatementError("this statement has a result set: send it to /api/v2/query/rows", 400)
}

const insert: Execute<"insert"> = async (statement, call, dependencies) => {
  const { duckdb, catalog, grants, insertIgnoreCoerces } = dependencies
  const { table: name, columns, rows, ignore } = statement
  grants.check("INSERT", name.name)
  const table = catalog.table(name, call.database)
  if (table.view !== undefined) throw refusal(1471, name.name, "INSERT")
  const given = Array.isArray(rows) ? rows : await selectRows(rows, call, dependencies)
  const stored = toStoredRows(table, columns, given, call.values, insertIgnoreCoerces && ignore)
  return insertRows(duckdb, table, stored, ignore)
}

/** The rows of a query as literals, so that they meet the same checks as the rows of VALUES. */
async function selectRows(query: Query, call: Call, dependencies: Dependencies) {
  const context = createContext(call, dependencies)
  const { sql, columns } = translateQuery(query, context)
  const rows = await dependencies.duckdb.read(sql, context.parameters)
  return rows.map(row => columns.map(({ type }, index) => ({ literal: toText(type, row[index] ?? null) })))
}

const deleteRows: Execute<"delete"> = async (statement, call, dependencies) => {
  const { duckdb, catalog, grants } = dependencies
  grants.check("DELETE", statement.table.name)
  const table = catalog.table(statement.table, call.database)
  if (table.view !== undefined) throw refusal(1288, table.name, "DELETE")
  const context = createContext(call, dependencies)
  return duckdb.run(translateDelete(statement, table, context), context.parameters)
}

const createTable: Execute<"createTable"> = async (statement, call, { catalog, grants }) => {
  const { table, ifNotExists } = statement
  grants.check("CREATE", table.name)
  const database = catalog.database(table.database ?? call.database)
  const exists = catalog.findTable(table, database) !== undefined
  if (exists && !ifNotExists) throw refusal(1050, table.name)
  if (!exists) await catalog.createTable(toTable(statement, database))
  return 0
}

/** Returns a table that ALTER may change. */
function findAltered(name: TableName, call: Call, { catalog, grants }: Dependencies): Table {
  grants.check("ALTER", name.name)
  const table = catalog.table(name, call.database)
  if (table.view !== undefined) throw refusal(1347, `${table.database}.${table.name}`, "BASE TABLE")
  return table
}

const addColumns: Execute<"addColumns"> = async (statement, call, dependencies) => {
  const table = findAltered(statement.table, call, dependencies)
  checkAddedColumns(table, statement.columns)
  await dependencies.catalog.addColumns(table, statement.columns)
  return 0
}

const renameTable: Execute<"renameTable"> = async ({ table: from, to }, call, dependencies) => {
  const table = findAltered(from, call, dependencies)
  if (dependencies.catalog.findTable({ name: to }, table.database) !== undefined) throw refusal(1050, to)
  await dependencies.catalog.renameTable(table, to)
  return 0
}

const dropTable: Execute<"dropTable"> = async ({ table, ifExists }, call, { catalog, grants }) => {
  grants.check("DROP", table.name)
  const found = catalog.findTable(table, call.database)
  if (found !== undefined && found.view === undefined) await catalog.dropTable(found)
  else if (!ifExists) throw refusal(1051, table.name)
  return 0
}

const createView: Execute<"createView"> = async (statement, call, dependencies) => {
  const { catalog, grants } = dependencies
  const { name } = statement.view
  grants.check("CREATE VIEW", name)
  const database = catalog.database(statement.view.database ?? call.database)
  const found = catalog.findTable(statement.view, database)
  if (found !== undefined && !statement.orReplace) throw refusal(1050, name)
  if (found !== undefined && found.view === undefined) throw refusal(1347, `${database}.${name}`, "VIEW")
  if (found !== undefined) grants.check("DROP VIEW", name)
  const context = createContext(call, dependencies, [`${database}.${name}`])
  const { columns } = translateQuery(statement.query, context)
  checkColumns(columns)
  // A view keeps the columns of its creation, even if its tables change.
  const declared = columns.map(({ name, type }) => ({ name, type: toColumnType(type), nullable: true }))
  const view = { text: statement.text, ...(call.database !== undefined && { database: call.database }) }
  await catalog.putView({ database, name, columns: declared, keys: [], view })
  return 0
}

const dropView: Execute<"dropView"> = async ({ view, ifExists }, call, { catalog, grants }) => {
  grants.check("DROP VIEW", view.name)
  const found = catalog.findTable(view, call.database)
  if (found !== undefined && found.view === undefined)
    throw refusal(1347, `${found.database}.${found.name}`, "VIEW")
  if (found !== undefined) await catalog.dropTable(found)
  else if (!ifExists) throw refusal(1051, view.name)
  return 0
}

const executors: { [Kind in Statement["kind"]]?: Execute<Kind> } = {
  ...{ insert, delete: deleteRows, createTable, addColumns, renameTable, dropTable, createView, dropView },
}
