import type { Cursor } from "./cursor.ts"
import { expression, orderList } from "./expression.ts"
import type { Count, Expression, From, Query, Select, SelectItem, Source } from "./syntax.ts"

/** Reads a query from WITH or SELECT to its LIMIT. */
export function query(cursor: Cursor): Query {
  const named = cursor.take("WITH") ? cursor.list(() => commonTable(cursor)) : []
  const selects = [select(cursor)]
  while (cursor.take("UNION", "ALL")) selects.push(select(cursor))
  const orderBy = cursor.take("ORDER", "BY") ? orderList(cursor) : []
  return { with: named, selects, orderBy, ...limit(cursor) }
}

function commonTable(cursor: Cursor): Query["with"][number] {
  const name = cursor.name()
  cursor.expect("AS")
  return { name, query: inParentheses(cursor) }
}

function inParentheses(cursor: Cursor): Query {
  cursor.expect("(")
  const inner = query(cursor)
  cursor.expect(")")
  return inner
}

function limit(cursor: Cursor): { limit?: Count; offset?: Count } {
  if (!cursor.take("LIMIT")) return {}
  const first = count(cursor)
  if (cursor.take(",")) return { offset: first, limit: count(cursor) }
  if (cursor.take("OFFSET")) return { limit: first, offset: count(cursor) }
  return { limit: first }
}

export function count(cursor: Cursor): Count {
  const placeholder = cursor.takePlaceholder()
  return placeholder === undefined ? { count: cursor.integer() } : { placeholder }
}

function select(cursor: Cursor): Select {
  cursor.expect("SELECT")
  const distinct = cursor.take("DISTINCT")
  const items = cursor.list(() => item(cursor))
  const source = cursor.take("FROM") ? from(cursor) : undefined
  const where = clause(cursor, "WHERE")
  const groupBy = cursor.take("GROUP", "BY") ? cursor.list(() => expression(cursor)) : []
  return { distinct, items, groupBy, ...(source && { from: source }), ...(where && { where }) }
}

export function clause(cursor: Cursor, word: string): Expression | undefined {
  return cursor.take(word) ? expression(cursor) : undefined
}

function item(cursor: Cursor): SelectItem {
  if (cursor.take("*")) return { kind: "all" }
  if (cursor.peek(1).key === "." && cursor.peek(2).key === "*") {
    const of = cursor.name()
    cursor.expect(".", "*")
    return { kind: "all", of }
  }
  const first = cursor.peek()
  const found = expression(cursor)
  const text = cursor.textFrom(first)
  return {
    kind: "one",
    expression: found,
    name: alias(cursor) ?? (found.kind === "column" ? found.name : text),
  }
}

function alias(cursor: Cursor): string | undefined {
  return cursor.take("AS") ? (cursor.takeString() ?? cursor.name()) : cursor.takeName()
}

function from(cursor: Cursor): From {
  const first = source(cursor)
  const joins: From["joins"] = []
  for (;;) {
    const left = cursor.take("LEFT", "JOIN") || cursor.take("LEFT", "OUTER", "JOIN")
    if (!left && !cursor.take("JOIN") && !cursor.take("INNER", "JOIN")) return { first, joins }
    const joined = source(cursor)
    cursor.expect("ON")
    joins.push({ left, source: joined, on: expression(cursor) })
  }
}

function source(cursor: Cursor): Source {
  if (cursor.sees("(")) {
    const inner = inParentheses(cursor)
    cursor.take("AS")
    return { query: inner, alias: cursor.name() }
  }
  const table = cursor.tableName()
  const name = cursor.take("AS") ? cursor.name() : cursor.takeName()
  return name === undefined ? { table } : { table, alias: name }
}
