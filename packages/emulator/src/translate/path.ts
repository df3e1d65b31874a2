import { json, type Typed, text, toNumeric, unknownMeaning } from "./typed.ts"

/** The value under these keys: JSON, its text, where JSON null and a missing key are both NULL, or its number. */
export function extract(value: Typed | undefined, keys: string[], as: "json" | "text" | "double"): Typed {
  if (as === "double") return toNumeric(extract(value, keys, "json"))
  const pointer = keys.map(name => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")
  const path = `'${pointer.replaceAll("'", "''")}'`
  return as === "json"
    ? { sql: `json_extract(${document(value)}, ${path})`, type: json }
    : { sql: `json_extract_string(${document(value)}, ${path})`, type: text }
}

/** The SQL of a JSON value. */
export function document(value: Typed | undefined): string {
  if (value?.type.kind !== "json")
    throw unknownMeaning(`a path into a ${value?.type.kind} value: only JSON has one`)
  return value.sql
}

/** The key that an argument names. */
export function key(value: Typed): string {
  if (value.constant === undefined || value.constant.includes("\0")) {
    throw unknownMeaning("a JSON key that is not a constant text")
  }
  return value.constant
}
