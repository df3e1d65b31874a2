import { refusal } from "../errors.ts"
import type { Count, Delete, Order, Query } from "../parse/syntax.ts"
import { tableName } from "../store/duckdb.ts"
import type { ResultColumn } from "../store/result.ts"
import type { Table } from "../store/table.ts"
import type { Context, StatementContext, Translated } from "./context.ts"
import { condition } from "./expression.ts"
import { columnsOf } from "./from.ts"
import { selectParts } from "./select.ts"
import { commonType, type SqlExpression, sortKey, toType } from "./sql-expression.ts"

export function translateQuery(
  query: Query,
  statement: StatementContext,
  outer: Context["tables"] = new Map(),
): Translated {
  const tables = new Map(outer)
  const context = withTables(statement, tables)
  const named = query.with.map(({ name, query: inner }) => {
    const { sql, columns } = context.query(inner)
    const alias = context.alias()
    tables.set(name, { sql: alias, columns })
    return `${alias} AS (${sql})`
  })
  const { sql, columns } = query.selects.length === 1 ? single(query, context) : union(query, context)
  const head = named.length === 0 ? "" : `WITH ${named.join(", ")} `
  return { sql: `${head}${sql}${limit(query, context)}`, columns }
}

/** The context of a query that can use these queries of WITH. */
function withTables(statement: StatementContext, tables: Context["tables"] = new Map()): Context {
  return {
    ...statement,
    tables,
    query: (inner, within) =>
      within === undefined ? translateQuery(inner, statement, tables) : translateQuery(inner, within),
  }
}

function single(query: Query, context: Context): Translated {
  const [select] = query.selects
  if (select === undefined) throw refusal(1064, "a query without SELECT")
  const { sql, columns, order } = selectParts(select, context)
  return { sql: sql + orderBy(query.orderBy.map(order)), columns }
}

/** UNION ALL converts each column to a common type. ORDER BY can use only the columns of the result. */
function union(query: Query, context: Context): Translated {
  const branches = query.selects.map(select => selectParts(select, context))
  const names = branches[0]?.columns ?? []
  if (branches.some(({ columns }) => columns.length !== names.length)) throw refusal(1222)
  const columns = names.map(({ name }, index) => {
    const cells = branches.flatMap(branch => cell(branch.columns, index))
    return { name, type: commonType(cells) }
  })
  const parts = branches.map(branch => {
    const cells = columns.flatMap(({ type }, index) =>
      cell(branch.columns, index).map(value => `${toType(value, type)} AS c${index + 1}`),
    )
    return `SELECT ${cells.join(", ")} FROM (${branch.sql}) AS ${context.alias()}`
  })
  const order = query.orderBy.map(item => orderUnion(item, columns))
  return {
    sql: `SELECT * FROM (${parts.join(" UNION ALL ")}) AS ${context.alias()}${orderBy(order)}`,
    columns,
  }
}

function cell(columns: ResultColumn[], index: number): SqlExpression[] {
  const column = columns[index]
  return column === undefined ? [] : [{ sql: `c${index + 1}`, type: column.type }]
}

function orderUnion({ expression, descending }: Order, columns: ResultColumn[]): string {
  const position =
    expression.kind === "number"
      ? Number(expression.text) - 1
      : expression.kind === "column" && expression.of === undefined
        ? columns.findIndex(({ name }) => name.toLowerCase() === expression.name.toLowerCase())
        : -1
  const [found] = cell(columns, position)
  const shown =
    expression.kind === "column" ? expression.name : expression.kind === "number" ? expression.text : "?"
  if (found === undefined) throw refusal(1054, shown, "order clause")
  return sortKey(found, descending)
}

function orderBy(keys: string[]): string {
  return keys.length === 0 ? "" : ` ORDER BY ${keys.join(", ")}`
}

function limit(query: Query, context: Context): string {
  const rows = query.limit === undefined ? "" : ` LIMIT ${rowCount(query.limit, context)}`
  return query.offset === undefined ? rows : `${rows} OFFSET ${rowCount(query.offset, context)}`
}

function rowCount(count: Count, { values }: Context): number {
  const rows = "count" in count ? count.count : values[count.placeholder]
  if (typeof rows === "number" && Number.isSafeInteger(rows) && rows >= 0) return rows
  throw refusal(1064, "LIMIT and OFFSET take whole numbers from 0")
}

/** DuckDB's DELETE does not have LIMIT, so a query selects the rows. */
export function translateDelete(statement: Delete, table: Table, given: StatementContext): string {
  const context = withTables(given)
  const alias = context.alias()
  const scope = [{ alias: table.name, columns: columnsOf(table, alias) }]
  const target = tableName(table.database, table.name)
  const where =
    statement.where === undefined
      ? ""
      : ` WHERE ${condition(statement.where, { context, scope, clause: "where clause" })}`
  const limit = statement.limit === undefined ? "" : ` LIMIT ${rowCount(statement.limit, context)}`
  return `DELETE FROM ${target} WHERE rowid IN (SELECT ${alias}.rowid FROM ${target} AS ${alias}${where}${limit})`
}
