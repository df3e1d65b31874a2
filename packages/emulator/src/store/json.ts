/** Text as Go's decoder would have it: a surrogate without its partner becomes U+FFFD. */
export function toWellFormed(text: string): string {
  return loneSurrogate.test(text) ? text.replace(everyLoneSurrogate, "\ufffd") : text
}

const loneSurrogate = /\p{Surrogate}/u
const everyLoneSurrogate = /\p{Surrogate}/gu

/** Nested more deeply than any event, and shallow enough for the stack. */
const maxDepth = 1000

/**
 * JSON as the server gives it back: keys sorted by their bytes, no whitespace. Text is written key by key, since a
 * JavaScript object would put keys that look like integers first. Undefined where a value cannot be kept: a number
 * past the range of a double, or arrays and objects nested more than 1,000 deep.
 */
export function canonicalJson(value: unknown, depth = 0): string | undefined {
  if (typeof value === "string") return JSON.stringify(toWellFormed(value))
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : undefined
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  if (depth >= maxDepth) return undefined
  const parts: string[] = []
  if (Array.isArray(value)) {
    for (const item of value) {
      const text = canonicalJson(item, depth + 1)
      if (text === undefined) return undefined
      parts.push(text)
    }
    return `[${parts.join(",")}]`
  }
  for (const [key, item] of sortedEntries(value)) {
    const text = canonicalJson(item, depth + 1)
    if (text === undefined) return undefined
    parts.push(`${JSON.stringify(key)}:${text}`)
  }
  return `{${parts.join(",")}}`
}

/** The canonical form of a JSON text, or undefined where it is none. */
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

/** The order of UTF-8 bytes; UTF-16 differs from it only where surrogates stand. */
function compare(left: string, right: string): number {
  if (surrogate.test(left) || surrogate.test(right))
    return Buffer.compare(Buffer.from(left), Buffer.from(right))
  return left < right ? -1 : left > right ? 1 : 0
}

const surrogate = /[\ud800-\udfff]/
