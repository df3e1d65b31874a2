import type { Comparator } from "../parse/syntax.ts"
import { boolean, isNumeric, isTime, type Typed, toNumeric, toTime, unknownMeaning } from "./typed.ts"

/** A comparison whose sides have been made alike; text compares by its bytes, as utf8mb4_bin does. */
export function compare(operator: Comparator, left: Typed, right: Typed): Typed {
  const [first, second] = align(left, right, operator)
  const duckdb = operator === "<=>" ? "IS NOT DISTINCT FROM" : operator
  return { sql: `(${first} ${duckdb} ${second})`, type: boolean }
}

/** `IN` a list: one IN where the left side is the same for every item, otherwise an OR of comparisons. */
export function compareAny(operand: Typed, items: Typed[]): Typed {
  const pairs = items.map(item => align(operand, item, "="))
  const first = pairs[0]?.[0] ?? operand.sql
  const sql = pairs.every(([left]) => left === first)
    ? `(${first} IN (${pairs.map(([, right]) => right).join(", ")}))`
    : `(${pairs.map(([left, right]) => `${left} = ${right}`).join(" OR ")})`
  return { sql, type: boolean }
}

function align(left: Typed, right: Typed, operator: Comparator): [string, string] {
  const kinds = [left.type.kind, right.type.kind]
  if (kinds.includes("null")) return [left.sql, right.sql]
  if (kinds[0] === "text" && kinds[1] === "text") return [left.sql, right.sql]
  if (kinds[0] === "json" && kinds[1] === "json") {
    if (operator !== "=" && operator !== "<>" && operator !== "<=>")
      throw unknownMeaning("an order of JSON values")
    return [`CAST(${left.sql} AS VARCHAR)`, `CAST(${right.sql} AS VARCHAR)`]
  }
  if (kinds.includes("binary")) return [toBytes(left), toBytes(right)]
  if (isTime(left) || isTime(right)) return [toTime(left).sql, toTime(right).sql]
  if (isNumeric(left) || isNumeric(right)) return [toNumeric(left).sql, toNumeric(right).sql]
  throw unknownMeaning(`how ${kinds.join(" and ")} values compare: take JSON as text with ::$`)
}

/** Text compares with binary values by its bytes. */
function toBytes({ sql, type }: Typed): string {
  if (type.kind === "binary") return sql
  if (type.kind === "text") return `encode(${sql})`
  throw unknownMeaning(`how binary and ${type.kind} values compare`)
}
