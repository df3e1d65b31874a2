import { ConfigError, DeliveryError, EventError, type SinkError } from "@singlesink/core"
import { engineCodeOf, type Failure, findFailure, toFailureText } from "./failures.ts"
import { type FetchHeaders, headerOf } from "./fetch.ts"

/** The most that is shown of a server's text. */
const maxShownText = 300

/** What messages need to know about the client: where it sends to, and what they must never show. */
export interface Context {
  baseUrl: string
  secrets: readonly string[]
  /** What can go wrong, and what it means. */
  failures: readonly Failure[]
}

/** An answer that tells a failure. */
export interface FailedAnswer {
  status: number
  text: string
  headers?: FetchHeaders
  /** The text went on. */
  cut?: boolean
}

/** The error that a failed answer stands for. */
export function toError(
  context: Context,
  { status, text: body, headers, cut = false }: FailedAnswer,
): SinkError {
  const text = toFailureText(body)
  const failure = findFailure(context.failures, { status, text })
  const shown = `${context.baseUrl} answered ${status}${toShown(text, cut, failure, context)}`
  return toSinkError(failure, shown, {
    status,
    engineCode: engineCodeOf(text),
    retryAfterMs: toRetryAfterMs(headerOf(headers, "retry-after")),
  })
}

/** The error that a fetch which brought no answer stands for; nothing of what it threw is shown but its code. */
export function toNoAnswerError({ baseUrl, failures }: Context, thrown: unknown): SinkError {
  const { name, code, message, cause } = toObject(thrown)
  const { code: innerCode, message: innerMessage } = toObject(cause)
  const systemCode = [code, innerCode].find(isSystemCode)
  const texts = [name, message, innerMessage].filter(text => typeof text === "string")
  const failure = findFailure(failures, { systemCode, thrown: texts.join(" ") })
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
  return typeof code === "string" && /^[A-Z][A-Z0-9_/]+$/.test(code)
}

/**
 * What may be shown of the server's text: on one line, cut, without secrets, without names of servers, and without
 * what it quotes. Of an event that was refused nothing is shown: such texts are about values.
 */
function toShown(text: string, isCut: boolean, failure: Failure, { secrets }: Context): string {
  if (failure.error === "EventError") return "."
  if (text.startsWith("<")) return ": a page of HTML."
  // An answer of success may be all values.
  if (failure.code === "not_the_data_api") return "."
  let shown = text
  for (const secret of secrets) shown = shown.replaceAll(secret, "…")
  // Of a long text no more is read than may be shown. What was cut may have been cut in a secret, or in quotes.
  const longest = secrets[0]?.length ?? 0
  if (isCut) shown = shown.slice(0, Math.max(0, shown.length - longest))
  const begin = shown.slice(0, 4 * maxShownText)
  shown = withoutQuotes(begin.replace(/\s+/g, " "), isCut || begin !== shown, failure)
  if (shown.length > maxShownText) shown = `${shown.slice(0, maxShownText)}…`
  return shown === "" ? "." : `: ${shown}`
}

/**
 * What stands in quotes may be a value, and a value may have quotes in it: so all goes from the first to the last, and
 * to the end where one is missing. Where it is a name, the first one stays; what a proxy on the way quotes may be
 * anything.
 */
function withoutQuotes(text: string, isCut: boolean, { quotesNames }: Failure): string {
  const isName = quotesNames === true && engineCodeOf(text) !== undefined
  const [name = ""] = (isName && /^[^'"`]*'[^'"`]*'/.exec(text)) || []
  const rest = text.slice(name.length)
  // "Table 'a.b' doesn't exist" ends with no quote.
  const quotes = [...rest.replace(/n't\b/g, "n t").matchAll(/['"`‘’‚“”„«»‹›]/g)].map(({ index }) => index)
  const [first, last = 0] = [quotes[0], quotes.at(-1)]
  if (first === undefined) return name + withoutServers(rest)
  const isOpen = isCut || quotes.length % 2 === 1
  return `${name}${withoutServers(rest.slice(0, first))}'…'${isOpen ? "" : withoutServers(rest.slice(last + 1))}`
}

/** Where a node of the database is, is nobody's business: `Leaf Error (leaf-3.internal:3306): …`. */
function withoutServers(text: string): string {
  return text
    .replace(/\blookup \S+/g, "lookup …")
    .replace(/[\w-]+(\.[\w-]+)+\.?(:\d+)?|\b[a-z_][\w-]*:\d{2,5}\b/gi, "…")
    .replace(/\[[\da-f:.]+(%\w+)?\](:\d+)?|\b[\da-f]*:[\da-f]*:[\da-f:.]*/gi, "…")
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
