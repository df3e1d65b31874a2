import { ConfigError, DeliveryError, EventError, type SinkError } from "@singlesink/core"
import { type FetchHeaders, headerOf } from "../http/fetch.ts"
import { engineCodeOf, type Failure, findFailure, toFailureText } from "./failures.ts"
import { findNamed, toNames } from "./named.ts"
import { redact } from "./redact.ts"

/** What an error message needs to know about the request. */
export interface RequestContext {
  baseUrl: string
  database: string
  /** The request body. Its statement says which names can be shown. */
  body: string | undefined
  /** Never shown, in any encoding. */
  secrets: readonly string[]
  failures: readonly Failure[]
}

export interface HttpResponse {
  status: number
  text: string
  headers?: FetchHeaders
  /** Whether the text goes on. */
  isTruncated?: boolean
}

/** The error that a response stands for. */
export function toResponseError(
  context: RequestContext,
  { status, text: body, headers, isTruncated = false }: HttpResponse,
): SinkError {
  const { baseUrl, database, secrets, failures } = context
  const text = toFailureText(body, status)
  const failure = findFailure(failures, { status, text })
  const engineCode = engineCodeOf(text)
  const names = toNames(context.body, database)
  const named =
    engineCode === undefined ? { column: undefined, table: undefined } : findNamed(text, names, database)
  const quotesNames = failure.quotesNames === true && engineCode !== undefined
  const shown = toShown(
    text,
    status,
    failure,
    () => redact(text, { secrets, names, quotesNames, isTruncated }),
    named.column,
  )
  return createError(failure, `${baseUrl} answered ${status}${shown}`, {
    ...named,
    status,
    engineCode,
    retryAfterMs: toRetryAfterMs(headerOf(headers, "retry-after")),
  })
}

/** The error of a request without a response. Of what the HTTP client threw only the code is shown. */
export function toNoResponseError({ baseUrl, failures }: RequestContext, thrown: unknown): SinkError {
  const { name, code, message, cause } = toObject(thrown)
  const { name: innerName, code: innerCode, message: innerMessage } = toObject(cause)
  const systemCode = [code, innerCode].find(isSystemCode)
  const texts = [name, message, innerName, innerMessage].filter(text => typeof text === "string")
  const failure = findFailure(failures, { systemCode, thrownMessage: texts.join(" ") })
  return createError(failure, `${baseUrl}${systemCode === undefined ? "" : ` (${systemCode})`}.`, {})
}

interface ErrorDetails {
  column?: string | undefined
  table?: string | undefined
  status?: number
  engineCode?: number | undefined
  retryAfterMs?: number | undefined
}

const constructors = { ConfigError, DeliveryError, EventError }

function createError(failure: Failure, shown: string, details: ErrorDetails): SinkError {
  const { error, code } = failure
  const ambiguous = error === "DeliveryError" && failure.ambiguous === true
  const message = `${failure.message}${ambiguous ? " The statement may have been executed." : ""} ${shown}`
  const Constructor = constructors[error] as new (details: object) => SinkError
  return new Constructor({ ...details, code, ambiguous, message })
}

function isSystemCode(code: unknown): code is string {
  return typeof code === "string" && /^[A-Z][A-Z0-9_/]+$/.test(code)
}

/** What is shown of the server's text, after the status. Texts about rejected events are about values. */
function toShown(
  text: string,
  status: number,
  failure: Failure,
  redacted: () => string,
  column: string | undefined,
): string {
  if (failure.error === "EventError") return column === undefined ? "." : `, for column ${column}.`
  if (text.startsWith("<")) return " with an HTML page."
  // A response of success may be all values.
  if (status >= 200 && status < 300) return "."
  const shown = redacted()
  return shown === "" ? "." : `: ${shown}`
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
