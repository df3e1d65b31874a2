import { ConfigError, DeliveryError, EventError, type SinkError } from "@singlesink/core"
import { engineCodeOf, type Failure, findFailure } from "./failures.ts"
import { type FetchHeaders, headerOf } from "./fetch.ts"

/** The most that is shown of a server's text. */
const maxShownText = 300

/** What messages need to know about the client: where it sends to, and what they must never show. */
export interface Context {
  baseUrl: string
  secrets: readonly string[]
}

/** The error that a failed answer stands for. */
export function toError(context: Context, status: number, text: string, headers?: FetchHeaders): SinkError {
  const failure = findFailure({ status, text })
  const shown = `${context.baseUrl} answered ${status}${toShown(text, failure, context)}`
  return toSinkError(failure, shown, {
    status,
    engineCode: engineCodeOf(text),
    retryAfterMs: toRetryAfterMs(headerOf(headers, "retry-after")),
  })
}

/** The error that a fetch which brought no answer stands for; nothing of what it threw is shown but its code. */
export function toNoAnswerError({ baseUrl }: Context, thrown: unknown): SinkError {
  const { name, code, message, cause } = toObject(thrown)
  const { code: innerCode, message: innerMessage } = toObject(cause)
  const systemCode = [code, innerCode].find(isSystemCode)
  const failure = findFailure({ systemCode, thrown: `${name} ${message} ${innerMessage}` })
  return toSinkError(failure, `${systemCode ?? "That was"} at ${baseUrl}.`, {})
}

function toSinkError(
  failure: Failure,
  shown: string,
  details: { status?: number; engineCode?: number | undefined; retryAfterMs?: number | undefined },
): SinkError {
  const again = failure.error === "DeliveryError" ? " Try again." : ""
  const { retryAfterMs, ...rest } = { ...details, message: `${failure.says}${again} ${shown}` }
  switch (failure.error) {
    case "EventError":
      return new EventError({ ...rest, code: failure.code })
    case "ConfigError":
      return new ConfigError({ ...rest, code: failure.code })
    case "DeliveryError":
      return new DeliveryError({ ...rest, code: failure.code, ambiguous: failure.ambiguous, retryAfterMs })
  }
}

function isSystemCode(code: unknown): code is string {
  return typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code)
}

/**
 * What may be shown of the server's text: on one line, cut, without secrets, and without anything that may be an
 * event's value. Of an event that was refused nothing is shown: such texts are about values.
 */
function toShown(text: string, failure: Failure, { secrets }: Context): string {
  if (failure.error === "EventError") return "."
  if (/^\s*</.test(text)) return ": a page of HTML."
  // An answer of success may be all values.
  if (failure.code === "not_the_data_api") return "."
  let shown = text
  for (const secret of secrets) shown = shown.replaceAll(secret, "…")
  // Of a long text no more is read than may be shown, names of servers and white space counted.
  shown = withoutServers(shown.slice(0, 4 * maxShownText))
  shown = withoutQuotes(shown.trim().replace(/\s+/g, " "), failure)
  if (shown.length > maxShownText) shown = `${shown.slice(0, maxShownText)}…`
  return shown === "" ? "." : `: ${shown}`
}

/**
 * What stands in quotes may be a value, and a value may have quotes in it: so all goes from the first to the last.
 * Where it is a name, the first one stays; what a proxy on the way quotes may be anything.
 */
function withoutQuotes(text: string, { quotesNames }: Failure): string {
  const isName = quotesNames === true && engineCodeOf(text) !== undefined
  const [name = ""] = (isName && /^[^'"`]*'[^'"`]*'/.exec(text)) || []
  const rest = text.slice(name.length)
  // "Table 'a.b' doesn't exist" ends with no quote.
  const quotes = [...rest.replace(/n't\b/g, "n t").matchAll(/['"`]/g)].map(({ index }) => index)
  const [first, last = 0] = [quotes[0], quotes.at(-1)]
  if (first === undefined) return text
  return `${name}${rest.slice(0, first)}'…'${last > first ? rest.slice(last + 1) : ""}`
}

/** Where a node of the database is, is nobody's business: `Leaf Error (leaf-3.internal:3306): …`. */
function withoutServers(text: string): string {
  return text.replace(/ ?\(?(\[[\da-f:.]+\]|[\w-]+(\.[\w-]+)*):\d{2,5}\b\)?/gi, "")
}

function toRetryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  if (/^\d+$/.test(header)) return Number(header) * 1_000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
}
