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
  shown = withoutValues(start, names, quotesNames)
  return shown.length > maxShown ? `${shown.slice(0, maxShown)}…` : shown
}

/** A secret of a few letters is part of many words, so it is only looked for as a whole word. */
function withoutSecret(text: string, secret: string): string {
  if (secret.length >= 4) return text.replaceAll(secret, "…")
  const escaped = secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "gu"), "…")
}

/** One quoted word, or a user with its host, and the text before it. */
const quoted = /([^'"`]*)(['"`])([^'"`]*)\2(@'[^']*')?/y

/** Words that the engine quotes although they are not names. */
const engineWord = /^(\w+ clause|field list|maximum_\w+)$/

/** The start of a value in quotes. The apostrophe of "doesn't" is not a quote. */
const quote = /(?<!n)'|'(?!t\b)|["`‘’‚“”„«»‹›]/

/**
 * What is in quotes may be a value, and a value may contain quotes. So the names at the start of the text are kept, and
 * everything from the first other quote on is removed.
 */
function withoutValues(text: string, names: ReadonlySet<string>, quotesNames: boolean): string {
  let shown = ""
  let end = 0
  quoted.lastIndex = 0
  for (let match = quoted.exec(text); match !== null; match = quoted.exec(text)) {
    const [, before, mark, name = "", host] = match
    if (!names.has(name) && !(quotesNames && (end === 0 || engineWord.test(name)))) break
    shown += `${before}${mark}${name}${mark}${host === undefined ? "" : "@…"}`
    end = quoted.lastIndex
  }
  const rest = text.slice(end)
  const value = rest.search(quote)
  return withoutServers(shown + (value === -1 ? rest : `${rest.slice(0, value)}…`))
}

/** Removes addresses of nodes inside the database, as in `Leaf Error (leaf-3.internal:3306)`. Numbers stay. */
function withoutServers(text: string): string {
  return text
    .replace(/\blookup \S+/g, "lookup …")
    .replace(/\b\d{1,3}(\.\d{1,3}){3}\b(:\d+)?/g, "…")
    .replace(/\b[a-z_][\w-]*(\.[\w-]+)*\.?:\d{2,5}\b/gi, "…")
    .replace(/\[[\da-f:.]+(%\w+)?\](:\d+)?|\b[\da-f]*:[\da-f]*:[\da-f:.]*/gi, "…")
}
