/** What of a server's text can be shown. */
export interface RedactOptions {
  /** Secrets in every encoding, the longest first. */
  secrets: readonly string[]
  /** The names in the statement. They can be shown in quotes; anything else in quotes may be a value. */
  names: ReadonlySet<string>
  /** Whether the text quotes only names. */
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
  shown = quotesNames ? withoutServers(start) : withoutValues(start, names, isCut)
  return shown.length > maxShown ? `${shown.slice(0, maxShown)}…` : shown
}

/** A secret of a few letters is part of many words, so it is only looked for as a whole word. */
function withoutSecret(text: string, secret: string): string {
  if (secret.length >= 4) return text.replaceAll(secret, "…")
  const escaped = secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "gu"), "…")
}

/**
 * What is in quotes may be a value, and a value may contain quotes, so everything from the first quote to the last is
 * removed, or to the end if one is missing. Names of the statement before the first value stay.
 */
function withoutValues(text: string, names: ReadonlySet<string>, isCut: boolean): string {
  const start = toNamesEnd(text, names)
  const rest = text.slice(start)
  // The apostrophe of "doesn't" is not a quote.
  const quotes = [...rest.replace(/n't\b/g, "n t").matchAll(/['"`‘’‚“”„«»‹›]/g)].map(({ index }) => index)
  const [first, last = 0] = [quotes[0], quotes.at(-1)]
  if (first === undefined) return withoutServers(text)
  const isOpen = isCut || quotes.length % 2 === 1
  return `${withoutServers(text.slice(0, start) + rest.slice(0, first))}'…'${isOpen ? "" : withoutServers(rest.slice(last + 1))}`
}

/** The end of the last quoted name that no other quote precedes. */
function toNamesEnd(text: string, names: ReadonlySet<string>): number {
  const quoted = /[^'"`‘’‚“”„«»‹›]*(['"`])([^'"`‘’‚“”„«»‹›]*)\1/y
  let end = 0
  for (
    let match = quoted.exec(text);
    match !== null && names.has(match[2] ?? "");
    match = quoted.exec(text)
  ) {
    end = quoted.lastIndex
  }
  return end
}

/** Removes addresses of nodes inside the database, as in `Leaf Error (leaf-3.internal:3306)`. Numbers stay. */
function withoutServers(text: string): string {
  return text
    .replace(/\blookup \S+/g, "lookup …")
    .replace(/\b\d{1,3}(\.\d{1,3}){3}\b(:\d+)?/g, "…")
    .replace(/\b[a-z_][\w-]*(\.[\w-]+)*\.?:\d{2,5}\b/gi, "…")
    .replace(/\[[\da-f:.]+(%\w+)?\](:\d+)?|\b[\da-f]*:[\da-f]*:[\da-f:.]*/gi, "…")
}
