/** The SQL type of a property in a view. */
export type PropertyType = "text" | "bigint" | "double" | "boolean" | "json"

/** A key of JSON objects, and the type of a column that holds its values. */
export interface Property {
  readonly key: string
  readonly type: PropertyType
  /** How many objects have the key. */
  readonly count: number
  /** Why the type is not the one of each value. */
  readonly note: string | undefined
}

type Kind = "text" | "integer" | "large integer" | "fraction" | "boolean" | "object"

/**
 * Infers a column for each key of the objects; other values have none. The most frequent key is the first one.
 *
 * @param values with the digits of integers beyond 2^53, as parseExact reads them
 */
export function inferProperties(values: readonly unknown[]): Property[] {
  const found = new Map<string, { count: number; kinds: Set<Kind> }>()
  for (const value of values) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) continue
    for (const [key, member] of Object.entries(value)) {
      const entry = found.get(key) ?? { count: 0, kinds: new Set() }
      found.set(key, entry)
      entry.count++
      const kind = toKind(member)
      if (kind !== undefined) entry.kinds.add(kind)
    }
  }
  return [...found]
    .map(([key, { count, kinds }]) => ({ key, count, ...toType(kinds) }))
    .sort((one, other) => other.count - one.count || compare(one.key, other.key))
}

/** The kind of a value; null has none. */
function toKind(value: unknown): Kind | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === "string") return "text"
  if (typeof value === "boolean") return "boolean"
  if (typeof value === "bigint") return "large integer"
  if (typeof value === "number") return Number.isSafeInteger(value) ? "integer" : "fraction"
  return "object"
}

function toType(kinds: ReadonlySet<Kind>): Pick<Property, "type" | "note"> {
  const list = [...kinds].sort()
  const isOnly = (...allowed: Kind[]) => list.every(kind => allowed.includes(kind))
  if (list.length === 0) return { type: "text", note: "only null so far, so it is text" }
  if (isOnly("text")) return { type: "text", note: undefined }
  if (isOnly("integer")) return { type: "bigint", note: undefined }
  if (isOnly("integer", "fraction")) return { type: "double", note: undefined }
  if (isOnly("boolean")) return { type: "boolean", note: undefined }
  if (isOnly("object")) return { type: "json", note: undefined }
  if (isOnly("integer", "large integer")) {
    return { type: "text", note: "integers beyond 2^53, so it is text with their digits" }
  }
  const type = kinds.has("object") ? "json" : "text"
  return { type, note: `values of several types (${list.join(", ")}), so it is ${type}` }
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
