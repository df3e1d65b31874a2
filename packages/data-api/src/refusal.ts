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
  const failure = findFailure(status, text) ?? unknownAnswer
  const details = {
    message: `${failure.says}${failure.error === "DeliveryError" ? " Try again." : ""} ${context.baseUrl} answered ${status}${toShown(text, failure, context)}`,
    status,
    engineCode: engineCodeOf(text),
  }
  switch (failure.error) {
    case "EventError":
      return new EventError({ ...details, code: failure.code })
    case "ConfigError":
      return new ConfigError({ ...details, code: failure.code })
    case "DeliveryError": {
      const retryAfterMs = toRetryAfterMs(headerOf(headers, "retry-after"))
      return new DeliveryError({ ...details, code: failure.code, ambiguous: failure.ambiguous, retryAfterMs })
    }
  }
}

const unknownAnswer: Failure = {
  error: "ConfigError",
  code: "unknown_answer",
  says: "The answer is not one that is known. Read what the server says.",
}

/**
 * What may be shown of the server's text: on one line, cut, without secrets, and without anything that may be an
 * event's value. Of an event that was refused nothing is shown: such texts are about values.
 */
function toShown(text: string, failure: Failure, { secrets }: Context): string {
  if (failure.error === "EventError") return "."
  if (/^\s*</.test(text)) return ": a page of HTML"
  let shown = text
  for (const secret of secrets) if (secret !== "") shown = shown.replaceAll(secret, "…")
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

function toRetryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  if (/^\d+$/.test(header)) return Number(header) * 1_000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}

// The connection was never made, so nothing can have been stored.
const neverSent = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT",
])

/** The error that a fetch which brought no answer stands for; nothing of what it threw is shown but its code. */
export function toNoAnswerError({ baseUrl }: Context, thrown: unknown): DeliveryError {
  const { name, code, message, cause } = toObject(thrown)
  const systemCode = [code, toObject(cause).code].find(
    code => typeof code === "string" && /^[A-Z_]+$/.test(code),
  )
  if (neverSent.has(String(systemCode))) {
    return new DeliveryError({
      code: "unreachable",
      message: `${baseUrl} cannot be reached (${systemCode}). Check the address and that the server runs, then try again.`,
    })
  }
  if (/time.?out|timed out|exceeded/i.test(`${name} ${systemCode} ${message}`)) {
    return new DeliveryError({
      code: "timeout",
      ambiguous: true,
      message: `${baseUrl} did not answer in time, and may have done the work. Try again.`,
    })
  }
  return new DeliveryError({
    code: "network",
    ambiguous: true,
    message: `The connection to ${baseUrl} was lost${systemCode ? ` (${systemCode})` : ""} before an answer came. Try again.`,
  })
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
}
