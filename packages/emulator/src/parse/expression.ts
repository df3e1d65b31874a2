import type { Cursor } from "./cursor.ts"
import type { Call, CastType, Comparator, Expression, Order } from "./syntax.ts"

/** Reads an expression. The binding gets tighter: OR, AND, NOT, comparison, path, operand. */
export function expression(cursor: Cursor): Expression {
  return logic(cursor, "OR", () => logic(cursor, "AND", () => negation(cursor)))
}

function logic(cursor: Cursor, operator: "AND" | "OR", operand: () => Expression): Expression {
  const first = operand()
  if (!cursor.sees(operator)) return first
  const operands = [first]
  while (cursor.take(operator)) operands.push(operand())
  return { kind: "logic", operator, operands }
}

function negation(cursor: Cursor): Expression {
  return cursor.take("NOT") ? { kind: "not", operand: negation(cursor) } : comparison(cursor)
}

const comparators: Record<string, Comparator> = {
  "=": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
}

function comparison(cursor: Cursor): Expression {
  let left = path(cursor)
  for (;;) {
    const operator = comparators[cursor.peek().key]
    if (operator !== undefined) {
      cursor.next()
      left = { kind: "comparison", operator, left, right: path(cursor) }
    } else if (cursor.take("IS")) {
      const negated = cursor.take("NOT")
      cursor.expect("NULL")
      left = negateIf(negated, { kind: "isNull", operand: left })
    } else {
      const negated = cursor.take("NOT")
      const found = predicate(cursor, left)
      if (found === undefined && negated) throw cursor.unexpected()
      if (found === undefined) return left
      left = negateIf(negated, found)
    }
  }
}

function negateIf(negated: boolean, operand: Expression): Expression {
  return negated ? { kind: "not", operand } : operand
}

/** Reads LIKE or IN, which may follow NOT. */
function predicate(cursor: Cursor, operand: Expression): Expression | undefined {
  if (cursor.take("LIKE")) return { kind: "like", operand, pattern: path(cursor) }
  if (!cursor.take("IN")) return undefined
  cursor.expect("(")
  const list = cursor.list(() => expression(cursor))
  cursor.expect(")")
  return { kind: "in", operand, list }
}

const paths: Record<string, "json" | "text" | "double"> = { "::": "json", "::$": "text", "::%": "double" }

function path(cursor: Cursor): Expression {
  let operand = primary(cursor)
  for (;;) {
    const as = paths[cursor.peek().key]
    if (as === undefined) return operand
    cursor.next()
    // A keyword can be a key, as in `properties::order`. In backticks every key is possible, also an index.
    const { kind } = cursor.peek()
    if (kind !== "word" && kind !== "quoted") throw cursor.unexpected()
    operand = { kind: "path", operand, key: cursor.next().text, as }
  }
}

function primary(cursor: Cursor): Expression {
  const placeholder = cursor.takePlaceholder()
  if (placeholder !== undefined) return { kind: "placeholder", placeholder }
  const text = cursor.takeString()
  if (text !== undefined) return { kind: "literal", value: text }
  if (cursor.take("NULL")) return { kind: "literal", value: null }
  if (cursor.take("TRUE")) return { kind: "literal", value: true }
  if (cursor.take("FALSE")) return { kind: "literal", value: false }
  const sign = cursor.take("-") ? "-" : ""
  if (cursor.peek().kind === "number") return { kind: "number", text: sign + cursor.next().text }
  if (sign !== "") throw cursor.unexpected()
  if (cursor.peek().kind === "variable") return { kind: "variable", name: cursor.next().text }
  if (cursor.take("CASE")) return caseOf(cursor)
  if (cursor.take("(")) {
    const inner = expression(cursor)
    cursor.expect(")")
    return inner
  }
  if (cursor.peek().kind === "word" && cursor.peek(1).key === "(") return call(cursor)
  const first = cursor.name()
  return cursor.take(".")
    ? { kind: "column", of: first, name: cursor.name() }
    : { kind: "column", name: first }
}

function caseOf(cursor: Cursor): Expression {
  const whens: { when: Expression; result: Expression }[] = []
  while (cursor.take("WHEN")) {
    const when = expression(cursor)
    cursor.expect("THEN")
    whens.push({ when, result: expression(cursor) })
  }
  if (whens.length === 0) throw cursor.unexpected()
  const otherwise = cursor.take("ELSE") ? expression(cursor) : undefined
  cursor.expect("END")
  return { kind: "case", whens, ...(otherwise && { otherwise }) }
}

/** Reads a function call or CAST. */
function call(cursor: Cursor): Expression {
  const { key: name, start: at } = cursor.peek()
  if (cursor.take("CAST", "(")) {
    const operand = expression(cursor)
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
  const found = cursor.list(() => expression(cursor))
  cursor.expect(")")
  return found
}

function window(cursor: Cursor): NonNullable<Call["over"]> {
  cursor.expect("(")
  const partitionBy = cursor.take("PARTITION", "BY") ? cursor.list(() => expression(cursor)) : []
  const orderBy = cursor.take("ORDER", "BY") ? orderList(cursor) : []
  cursor.expect(")")
  return { partitionBy, orderBy }
}

/** `expression [ASC|DESC], …` */
export function orderList(cursor: Cursor): Order[] {
  return cursor.list(() => {
    const found = expression(cursor)
    const descending = cursor.take("DESC")
    if (!descending) cursor.take("ASC")
    return { expression: found, descending }
  })
}

function castType(cursor: Cursor): CastType {
  const name = (["CHAR", "SIGNED", "DOUBLE"] as const).find(name => cursor.take(name))
  if (name === undefined) throw cursor.unexpected()
  return name
}
