/** What of a server's text can be shown. */
export interface RedactOptions {
  /** Secrets in every encoding, the longest first. */
  secrets: readonly string[]
  /** The names in the statement. They can be shown in quotes; anything else in quotes may be a value. */
  names: ReadonlySet<string>
  /** Whether the first quoted word is a name, and the engine's own words can be shown. */
  quotesNames: boolean
  /** Whether the text was cut, and with it perhaps a secret or a quote. */
  isTruncated: boolean
}

/** The most characters of a server's text that are shown. */
const maxShown = 300

/** The text on one line, without secrets, values and addresses of servers, and cut to 300 characters. */
export function redact(text: string, { secrets, names, quotesNames, isTruncated }: RedactOptions): string {
  let shown = text
  for (const secret of secrets) shown = withoutSecret(shown, secret)
  // The end of a truncated text may be the start of a secret.
  if (isTruncated) shown = shown.slice(0, Math.max(0, shown.length - (secrets[0]?.length ?? 0)))
  const start = shown.slice(0, 4 * maxShown).replace(/\s+/g, " ")
  const isCut = isTruncated || shown.length > 4 * maxShown
  shown = withoutValues(start, { names, quotesNames, isCut })
  return shown.length > maxShown ? `${shown.slice(0, maxShown)}…` : shown
}

/** A secret of a few letters is part of many words, so it is only looked for as a whole word. */
function withoutSecret(text: string, secret: string): string {
  if (secret.length >= 4) return text.replaceAll(secret, "…")
  const escaped = secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "gu"), "…")
}

const quotes = "'\"`‘’‚“”„«»‹›"

/** One quoted word, or a user with its host, and the text before it. */
const quoted = new RegExp(`([^${quotes}]*)(['"\`])([^${quotes}]*)\\2(?:@'[^${quotes}]*')?`, "y")

/** Words that the engine quotes although they are not names. */
const engineWords: ReadonlySet<string> = new Set([
  ...["field list", "where clause", "on clause", "having clause", "order clause", "group statement"],
  ...["maximum_memory", "maximum_table_memory"],
])

/**
 * What is in quotes may be a value, and a value may contain quotes. So the names at the start of the text are kept, and
 * from the first other quote everything is removed up to the last one, or to the end if one is missing.
 */
function withoutValues(
  text: string,
  { names, quotesNames, isCut }: { names: ReadonlySet<string>; quotesNames: boolean; isCut: boolean },
): string {
  let shown = ""
  let end = 0
  quoted.lastIndex = 0
  for (let match = quoted.exec(text); match !== null; match = quoted.exec(text)) {
    const [whole, before = "", quote = "", name = ""] = match
    const isName = names.has(name) || (quotesNames && (end === 0 || engineWords.has(name)))
    if (!isName) break
    const host = whole.endsWith(`${quote}${name}${quote}`) ? "" : "@'…'"
    shown += `${withoutServers(before)}${quote}${name}${quote}${host}`
    end = quoted.lastIndex
  }
  const rest = text.slice(end)
  // The apostrophe of "doesn't" is not a quote.
  const found = [...rest.replace(/n't\b/g, "n t").matchAll(new RegExp(`[${quotes}]`, "g"))].map(({ index }) => index)
  const [first, last = 0] = [found[0], found.at(-1)]
  if (first === undefined) return shown + withoutServers(rest)
  const isOpen = isCut || found.length % 2 === 1
  return `${shown}${withoutServers(rest.slice(0, first))}'…'${isOpen ? "" : withoutServers(rest.slice(last + 1))}`
}

/** Removes addresses of nodes inside the database, as in `Leaf Error (leaf-3.internal:3306)`. Numbers stay. */
function withoutServers(text: string): string {
  return text
    .replace(/\blookup \S+/g, "lookup …")
    .replace(/\b\d{1,3}(\.\d{1,3}){3}\b(:\d+)?/g, "…")
    .replace(/\b[a-z_][\w-]*(\.[\w-]+)*\.?:\d{2,5}\b/gi, "…")
    .replace(/\[[\da-f:.]+(%\w+)?\](:\d+)?|\b[\da-f]*:[\da-f]*:[\da-f:.]*/gi, "…")
}
