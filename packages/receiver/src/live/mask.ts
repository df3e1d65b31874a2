const [maxDepth, maxMembers] = [12, 100]

/** The structure of an event with its keys, and the kind of each value instead of the value. */
export function maskValues(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value === null ? null : describe(value)
  if (depth === maxDepth) return "…"
  if (Array.isArray(value)) return value.slice(0, maxMembers).map(member => maskValues(member, depth + 1))
  const members = Object.entries(value).filter(isPresent).slice(0, maxMembers)
  // Object.fromEntries also keeps a key named __proto__.
  return Object.fromEntries(members.map(([key, member]) => [key, maskValues(member, depth + 1)]))
}

/** JSON has no undefined. */
const isPresent = ([, member]: [string, unknown]) => member !== undefined

function describe(value: unknown): string {
  return typeof value === "string" ? `string of ${value.length}` : typeof value
}
