import { json, type SqlExpression, text, toNumeric, unknownMeaning } from "./sql-expression.ts"

/** The value at these keys as JSON, text or number. As text, JSON null and a missing key are NULL. */
export function extract(
  value: SqlExpression | undefined,
  keys: string[],
  as: "json" | "text" | "double",
): SqlExpression {
  if (as === "double") return toNumeric(extract(value, keys, "json"))
  const pointer = keys.map(name => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")
  const path = `'${pointer.replaceAll("'", "''")}'`
  return as === "json"
    ? { sql: `json_extract(${document(value)}, ${path})`, type: json }
    : { sql: `json_extract_string(${document(value)}, ${path})`, type: text }
}

/** The SQL of a JSON value. */
export function document(value: SqlExpression | undefined): string {
  if (value?.type.kind !== "json")
    throw unknownMeaning(`a path into a ${value?.type.kind} value: only JSON has one`)
  return value.sql
}

/** The key in an argument. */
export function key(value: SqlExpression): string {
  if (value.constant === undefined || value.constant.includes("\0")) {
    throw unknownMeaning("a JSON key that is not a constant string")
  }
  return value.constant
}
