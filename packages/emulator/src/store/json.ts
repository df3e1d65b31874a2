/** Replaces lone surrogates by U+FFFD, as Go's decoder does. */
export function toWellFormed(text: string): string {
  return loneSurrogate.test(text) ? text.replace(everyLoneSurrogate, "\ufffd") : text
}

const loneSurrogate = /\p{Surrogate}/u
const everyLoneSurrogate = /\p{Surrogate}/gu

/** Deeper than any event, and small enough for the stack. */
const maxDepth = 1000

/**
 * JSON as the server returns it: without whitespace, with keys sorted by their bytes. The text is written key by key,
 * because a JavaScript object puts integer keys first. Returns undefined for a number out of the range of a double, and
 * for more than 1,000 levels.
 */
export function canonicalJson(value: unknown, depth = 0): string | undefined {
  if (typeof value === "string") return JSON.stringify(toWellFormed(value))
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : undefined
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  if (depth >= maxDepth) return undefined
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map(item => ["", item])
    : sortedEntries(value).map(([key, item]) => [`${JSON.stringify(key)}:`, item])
  const parts: string[] = []
  for (const [key, item] of entries) {
    const text = canonicalJson(item, depth + 1)
    if (text === undefined) return undefined
    parts.push(key + text)
  }
  return Array.isArray(value) ? `[${parts.join(",")}]` : `{${parts.join(",")}}`
}

/** The canonical form of a JSON text, or undefined if the text is not valid. */
export function canonicalJsonText(text: string): string | undefined {
  try {
    return canonicalJson(JSON.parse(text))
  } catch {
    return undefined
  }
}

function sortedEntries(value: object): [string, unknown][] {
  const entries: [string, unknown][] = Object.entries(value)
  for (const entry of entries) entry[0] = toWellFormed(entry[0])
  return entries.sort(([left], [right]) => compare(left, right))
}

/** Compares by UTF-8 bytes. The order of UTF-16 differs only for surrogates. */
function compare(left: string, right: string): number {
  if (surrogate.test(left) || surrogate.test(right))
    return Buffer.compare(Buffer.from(left), Buffer.from(right))
  return left < right ? -1 : left > right ? 1 : 0
}

const surrogate = /[\ud800-\udfff]/
