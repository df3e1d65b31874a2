import { call } from "./call.ts"
import type { Cursor } from "./cursor.ts"
import type { Comparator, Expression } from "./syntax.ts"

/** Reads an expression, loosest binding first: OR, AND, NOT, comparison, sum, product, minus, path, operand. */
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
  "<=>": "<=>",
}

function comparison(cursor: Cursor): Expression {
  let left = sum(cursor)
  for (;;) {
    const operator = comparators[cursor.peek().key]
    if (operator !== undefined) {
      cursor.next()
      left = { kind: "comparison", operator, left, right: sum(cursor) }
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

/** What may stand behind NOT: IN, LIKE, BETWEEN. */
function predicate(cursor: Cursor, operand: Expression): Expression | undefined {
  if (cursor.take("LIKE")) return { kind: "like", operand, pattern: sum(cursor) }
  if (cursor.take("BETWEEN")) {
    const low = sum(cursor)
    cursor.expect("AND")
    return { kind: "between", operand, low, high: sum(cursor) }
  }
  if (!cursor.take("IN")) return undefined
  cursor.expect("(")
  const list = cursor.sees("SELECT") ? cursor.query() : cursor.list(cursor.expression)
  cursor.expect(")")
  return { kind: "in", operand, list }
}

function sum(cursor: Cursor): Expression {
  let left = product(cursor)
  for (;;) {
    const operator = cursor.take("+") ? "+" : cursor.take("-") ? "-" : undefined
    if (operator === undefined) return left
    left = { kind: "arithmetic", operator, left, right: product(cursor) }
  }
}

function product(cursor: Cursor): Expression {
  let left = minus(cursor)
  for (;;) {
    const operator = cursor.take("*") ? "*" : cursor.take("/") ? "/" : cursor.take("%") ? "%" : undefined
    if (operator === undefined) return left
    left = { kind: "arithmetic", operator, left, right: minus(cursor) }
  }
}

function minus(cursor: Cursor): Expression {
  return cursor.take("-") ? { kind: "negative", operand: minus(cursor) } : path(cursor)
}

const paths: Record<string, "json" | "text" | "double"> = { "::": "json", "::$": "text", "::%": "double" }

function path(cursor: Cursor): Expression {
  let operand = primary(cursor)
  for (;;) {
    const as = paths[cursor.peek().key]
    if (as === undefined) return operand
    cursor.next()
    // A keyword is a fine key: `properties::order`. In back quotes anything is, an index too.
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
  if (cursor.peek().kind === "number") return { kind: "number", text: cursor.next().text }
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
  const of = cursor.sees("WHEN") ? undefined : expression(cursor)
  const whens: { when: Expression; result: Expression }[] = []
  while (cursor.take("WHEN")) {
    const when = expression(cursor)
    cursor.expect("THEN")
    whens.push({ when, result: expression(cursor) })
  }
  if (whens.length === 0) throw cursor.unexpected()
  const otherwise = cursor.take("ELSE") ? expression(cursor) : undefined
  cursor.expect("END")
  return { kind: "case", whens, ...(of && { of }), ...(otherwise && { otherwise }) }
}
