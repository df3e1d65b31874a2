import type { Comparator } from "../parse/syntax.ts"
import {
  boolean,
  isNumeric,
  isTime,
  type SqlExpression,
  toNumeric,
  toTime,
  unknownMeaning,
} from "./sql-expression.ts"

/** Text compares by its bytes, as utf8mb4_bin does. */
export function compare(operator: Comparator, left: SqlExpression, right: SqlExpression): SqlExpression {
  const [first, second] = align(left, right, operator)
  return { sql: `(${first} ${operator} ${second})`, type: boolean }
}

/** `IN` a list: one IN if the left side is the same for every item, otherwise comparisons joined by OR. */
export function compareAny(operand: SqlExpression, items: SqlExpression[]): SqlExpression {
  const pairs = items.map(item => align(operand, item, "="))
  const first = pairs[0]?.[0] ?? operand.sql
  const sql = pairs.every(([left]) => left === first)
    ? `(${first} IN (${pairs.map(([, right]) => right).join(", ")}))`
    : `(${pairs.map(([left, right]) => `${left} = ${right}`).join(" OR ")})`
  return { sql, type: boolean }
}

/** Converts both sides to the same type. */
function align(left: SqlExpression, right: SqlExpression, operator: Comparator): [string, string] {
  const kinds = [left.type.kind, right.type.kind]
  if (kinds.includes("null")) return [left.sql, right.sql]
  if (kinds[0] === "text" && kinds[1] === "text") return [left.sql, right.sql]
  if (kinds[0] === "json" && kinds[1] === "json") {
    if (operator !== "=" && operator !== "<>") throw unknownMeaning("an order of JSON values")
    return [`CAST(${left.sql} AS VARCHAR)`, `CAST(${right.sql} AS VARCHAR)`]
  }
  if (isTime(left) || isTime(right)) return [toTime(left).sql, toTime(right).sql]
  if (isNumeric(left) || isNumeric(right)) return [toNumeric(left).sql, toNumeric(right).sql]
  throw unknownMeaning(`how ${kinds.join(" and ")} values compare: take JSON as text with ::$`)
}
