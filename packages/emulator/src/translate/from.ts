import { refusal } from "../errors.ts"
import type { From, Source, TableName } from "../parse/syntax.ts"
import { quote, tableName } from "../store/duckdb.ts"
import { isInformationSchema, type SchemaTable, schemaTable } from "../store/information-schema.ts"
import type { ResultColumn } from "../store/result.ts"
import { checkColumns, type Table } from "../store/table.ts"
import { valueType } from "../store/type.ts"
import type { Context, Translated } from "./context.ts"
import { condition, type Place } from "./expression.ts"
import { addToScope, type ScopeSource } from "./scope.ts"
import { translateView } from "./view.ts"

/** Fills the scope from left to right, so that each ON sees the tables before it. */
export function translateFrom(from: From, on: Place): string {
  const add = (source: Source) => {
    const alias = on.context.alias()
    const { sql, known } =
      "query" in source
        ? fromQuery(on.context.query(source.query), source.alias, alias)
        : fromTable(source.table, source.alias ?? source.table.name, alias, on.context)
    addToScope(on.scope, known)
    return `${sql} AS ${alias}`
  }
  let sql = add(from.first)
  for (const join of from.joins) {
    const joined = add(join.source)
    sql += ` ${join.left ? "LEFT JOIN" : "JOIN"} ${joined} ON ${condition(join.on, on)}`
  }
  return sql
}

interface Found {
  sql: string
  known: ScopeSource
}

function fromQuery({ sql, columns }: Translated, name: string, alias: string): Found {
  return { sql: `(${sql})`, known: numbered(columns, name, alias) }
}

function fromTable(table: TableName, name: string, alias: string, context: Context): Found {
  const common = table.database === undefined ? context.tables.get(table.name) : undefined
  if (common !== undefined) return { sql: common.sql, known: numbered(common.columns, name, alias) }
  const database = table.database ?? context.database
  if (isInformationSchema(database)) {
    const virtual = schemaTable(table.name, context.catalog)
    if (virtual === undefined) throw refusal(1109, `${database}.${table.name}`)
    return fromSchemaTable(virtual, name, alias, context)
  }
  context.checkAccess(table.name)
  const found = context.catalog.table(table, context.database)
  if (found.view !== undefined) return fromQuery(translateView(found, context), name, alias)
  return {
    sql: tableName(found.database, found.name),
    known: { alias: name, columns: columnsOf(found, alias) },
  }
}

/** The columns of a table in DuckDB's SQL. */
export function columnsOf({ columns }: Table, alias: string): ScopeSource["columns"] {
  return columns.map(({ name, type }) => ({ name, type: valueType(type), sql: `${alias}.${quote(name)}` }))
}

function fromSchemaTable(virtual: SchemaTable, name: string, alias: string, context: Context): Found {
  const columns = virtual.columns.map(column => ({
    name: column.name,
    type: { kind: column.kind, digits: 0 },
  }))
  const cells = virtual.columns.map(
    ({ kind }, index) =>
      `CAST(value[${index + 1}] AS ${kind === "integer" ? "BIGINT" : "VARCHAR"}) AS c${index + 1}`,
  )
  const rows = context.bind(JSON.stringify(virtual.rows))
  return {
    sql: `(SELECT ${cells.join(", ")} FROM (SELECT unnest(from_json(${rows}, '[["VARCHAR"]]')) AS value))`,
    known: numbered(columns, name, alias),
  }
}

/** The columns of a subquery. */
function numbered(columns: ResultColumn[], name: string, alias: string): ScopeSource {
  checkColumns(columns)
  return {
    alias: name,
    columns: columns.map((column, index) => ({ ...column, sql: `${alias}.c${index + 1}` })),
  }
}
