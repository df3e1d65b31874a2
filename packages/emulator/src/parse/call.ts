import type { Cursor } from "./cursor.ts"
import type { Call, CastType, Expression, Order, Window } from "./syntax.ts"
import { fraction, precision } from "./type.ts"

/** Reads a function call, CAST among them. */
export function call(cursor: Cursor): Expression {
  const { key: name, start: at } = cursor.peek()
  if (cursor.take("CAST", "(")) {
    const operand = cursor.expression()
    cursor.expect("AS")
    const to = castType(cursor)
    cursor.expect(")")
    return { kind: "cast", operand, to }
  }
  cursor.name()
  cursor.expect("(")
  const distinct = cursor.take("DISTINCT")
  const result: Call = { kind: "call", name, at, distinct, arguments: callArguments(cursor) }
  if (cursor.take("OVER")) result.over = window(cursor)
  return result
}

function callArguments(cursor: Cursor): Expression[] | "*" {
  if (cursor.take(")")) return []
  if (cursor.take("*")) {
    cursor.expect(")")
    return "*"
  }
  const found = cursor.list(cursor.expression)
  cursor.expect(")")
  return found
}

function window(cursor: Cursor): Window {
  cursor.expect("(")
  const partitionBy = cursor.take("PARTITION", "BY") ? cursor.list(cursor.expression) : []
  const orderBy = cursor.take("ORDER", "BY") ? orderList(cursor) : []
  cursor.expect(")")
  return { partitionBy, orderBy }
}

/** `expression [ASC|DESC], …` */
export function orderList(cursor: Cursor): Order[] {
  return cursor.list(() => {
    const found = cursor.expression()
    const descending = cursor.take("DESC")
    if (!descending) cursor.take("ASC")
    return { expression: found, descending }
  })
}

function castType(cursor: Cursor): CastType {
  if (cursor.take("SIGNED")) {
    cursor.take("INTEGER")
    return { name: "SIGNED" }
  }
  if (cursor.take("DECIMAL")) return { name: "DECIMAL", ...precision(cursor) }
  if (cursor.take("DATETIME")) return { name: "DATETIME", size: fraction(cursor) }
  for (const name of ["CHAR", "DOUBLE", "JSON", "DATE"] as const) if (cursor.take(name)) return { name }
  throw cursor.unexpected()
}
