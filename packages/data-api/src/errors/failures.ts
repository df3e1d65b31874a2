import type { ConfigErrorCode, DeliveryErrorCode, EventErrorCode } from "@singlesink/core"

type FailureClass =
  | { error: "EventError"; code: EventErrorCode }
  | { error: "ConfigError"; code: ConfigErrorCode }
  | { error: "DeliveryError"; code: DeliveryErrorCode; ambiguous?: true }

/** One kind of failure: how it is recognised, what it means, and what to do. */
export type Failure = FailureClass & {
  /** Matches the start of the response text. */
  text?: RegExp
  /** The engine's numbers in `Error <number> (<state>): …`. */
  engineCodes?: readonly number[]
  /** HTTP statuses of a response without an engine number. */
  statuses?: readonly number[]
  /** The same for this status and all higher ones. */
  minStatus?: number
  /** Matches the code of a Node or undici error, if no response came. */
  systemCode?: RegExp
  /** Matches the message of what an HTTP client throws. */
  thrownMessage?: RegExp
  /** Matches whatever no other entry matches: a response, or its absence. */
  otherwise?: "response" | "no response"
  /** What is wrong and what to do, as sentences. */
  message: string
  /** Whether the engine quotes only names in this text: of databases, tables, columns, settings or users. */
  quotesNames?: true
}

/** How a failure is recognised, and what else is known about it. */
type Signs = Omit<Failure, "error" | "code" | "message">

function event(code: EventErrorCode, signs: Signs, message: string): Failure {
  return { ...signs, error: "EventError", code, message }
}

export function config(code: ConfigErrorCode, signs: Signs, message: string): Failure {
  return { ...signs, error: "ConfigError", code, message }
}

export function delivery(
  code: DeliveryErrorCode,
  signs: Signs & { ambiguous?: true },
  message: string,
): Failure {
  return { ...signs, error: "DeliveryError", code, message }
}

const notFromDatabase =
  "The response is not from the database. Check `url`, the credentials, and any proxy, firewall or login page."

/**
 * What a response can say other than success. The first match wins: the start of the text before an engine number, an
 * engine number before a status.
 *
 * @see https://docs.singlestore.com/db/v9.1/reference/data-api/data-api-error-handling.md
 */
export const answerFailures: readonly Failure[] = [
  // Only at the start: elsewhere the words may be a value.
  config(
    "request_too_large",
    { text: /^Error reading request body: .*request body too large/i },
    "The request is too large.",
  ),
  config("request_too_large", { statuses: [413] }, "A proxy does not accept the request. Raise its limit."),
  config(
    "access_denied",
    { engineCodes: [1045], quotesNames: true },
    "Authentication failed. Check the username and password, or the token.",
  ),
  config(
    "permission_denied",
    { engineCodes: [1044, 1142], quotesNames: true },
    "The user lacks a privilege. Grant it; INSERT is enough.",
  ),
  config("database_not_selected", { engineCodes: [1046] }, "No database is selected. Set `database`."),
  config(
    "unknown_database",
    { engineCodes: [1049], quotesNames: true },
    "The database does not exist. Create it, or correct its name (case-sensitive).",
  ),
  config(
    "unknown_table",
    { engineCodes: [1146], quotesNames: true },
    "The table does not exist. Create it, or correct its name (case-sensitive).",
  ),
  config(
    "unknown_column",
    { engineCodes: [1054], quotesNames: true },
    "The table has no such column. Add it, or remove it from the columns.",
  ),
  config(
    "missing_column",
    { engineCodes: [1364], quotesNames: true },
    "A column without a default is not filled. Give it a default, or add it to the columns.",
  ),
  // A 400 without an engine number is not here, because it may be about one row.
  config("sql_error", { engineCodes: [1064] }, "The server does not understand the statement. Correct it."),
  event("value_rejected", { engineCodes: [1406] }, "A value is too long for its column."),
  event("value_rejected", { engineCodes: [1264] }, "A number is out of the range of its column."),
  event(
    "value_rejected",
    { engineCodes: [1048, 1265, 1292, 1366, 1441, 3140] },
    "The database rejected a value. Send one that fits its column.",
  ),
  event("duplicate_key", { engineCodes: [1062] }, "A row with this key exists."),
  delivery("lock_timeout", { engineCodes: [1205, 1213] }, "The statement waited too long for a lock."),
  delivery(
    "database_out_of_memory",
    { engineCodes: [1712, 1720], quotesNames: true },
    "The database is out of memory.",
  ),
  delivery("recovering", { engineCodes: [2269] }, "The database is recovering."),
  delivery("overloaded", { engineCodes: [1040, 1203], statuses: [429] }, "The server is overloaded."),
  // 1885: the plan was dropped before it ran.
  delivery("statement_interrupted", { engineCodes: [1317, 1885] }, "The statement was interrupted."),
  delivery(
    "connection_lost",
    { engineCodes: [1158, 1159, 1160, 1161, 2004, 2006, 2012, 2013, 2014], ambiguous: true },
    "The database lost an internal connection.",
  ),
  // A firewall, a login page or another service may have answered, perhaps because of one event. So the error is not
  // final, and no event is rejected for it. A browser shows status 0 for a redirect that it does not follow.
  delivery(
    "not_from_database",
    { statuses: [0, 301, 302, 303, 307, 308, 401, 403, 404, 405, 415] },
    notFromDatabase,
  ),
  // The statement may have been executed, and its answer replaced on the way.
  delivery(
    "not_from_database",
    { statuses: [200, 201, 202, 203, 204, 205, 206], ambiguous: true },
    notFromDatabase,
  ),
  delivery("timeout", { statuses: [408] }, "The server did not receive the request in time."),
  delivery("timeout", { statuses: [504], ambiguous: true }, "The database did not answer in time."),
  // 425 Too Early.
  delivery("server_unavailable", { statuses: [425, 503] }, "The server is unavailable."),
  // Includes the statuses of a proxy or a CDN that finds no server.
  delivery("server_unavailable", { minStatus: 500, ambiguous: true }, "The server failed."),
  config("unexpected_response", { otherwise: "response" }, "The response is unexpected."),
]

/** What the absence of a response means, as far as any HTTP client reports it. */
export const noResponseFailures: readonly Failure[] = [
  delivery(
    "timeout",
    { thrownMessage: /time.?out|timed out|exceeded/i, ambiguous: true },
    "The server did not answer in time.",
  ),
  delivery(
    "connection_lost",
    { otherwise: "no response", ambiguous: true },
    "The connection was lost before the response.",
  ),
]

/** What is known about a failed request: its response, or what the HTTP client threw. */
export type FailureSignal =
  | { status: number; text: string }
  | { systemCode: string | undefined; thrownMessage: string }

/** The failure that a signal stands for. With an unknown engine number the status says nothing. */
export function findFailure(failures: readonly Failure[], signal: FailureSignal): Failure {
  const matches = "status" in signal ? matchResponse(signal.status, signal.text) : matchNoResponse(signal)
  // Both kinds have an entry that matches everything.
  return failures.find(matches) as Failure
}

function matchResponse(status: number, text: string): (failure: Failure) => unknown {
  const engineCode = engineCodeOf(text)
  return ({ text: pattern, engineCodes, statuses, minStatus = Number.POSITIVE_INFINITY, otherwise }) => {
    if (otherwise === "response" || pattern?.test(text)) return true
    if (engineCode !== undefined) return engineCodes?.includes(engineCode)
    return status >= minStatus || statuses?.includes(status)
  }
}

function matchNoResponse(signal: { systemCode: string | undefined; thrownMessage: string }) {
  const { systemCode: code = "", thrownMessage: message } = signal
  return ({ systemCode, thrownMessage, otherwise }: Failure) =>
    otherwise === "no response" || systemCode?.test(code) || thrownMessage?.test(message)
}

/** The number in `Error 1146 (42S02): …`. Older servers omit the state. */
export function engineCodeOf(text: string): number | undefined {
  const match = /^Error (\d+)(?: \(\w{5}\))?:/.exec(text)
  return match === null ? undefined : Number(match[1])
}

/**
 * The error text of a response. Bare text is documented; servers and proxies also send a JSON string or object. A gateway
 * has numbers of its own, so a `code` counts as that of the engine only with a status of the engine's errors.
 */
export function toFailureText(body: string, status: number): string {
  const text = body.trim()
  if (!/^["{]/.test(text)) return text
  try {
    return textIn(JSON.parse(text), status > 400 && status < 500) ?? text
  } catch {
    return text
  }
}

function textIn(value: unknown, isOfGateway: boolean): string | undefined {
  if (typeof value === "string") return value
  if (typeof value !== "object" || value === null) return undefined
  const { error, code, message } = value as Record<string, unknown>
  if (typeof message !== "string") return textIn(error, isOfGateway)
  return typeof code === "number" && !isOfGateway ? `Error ${code}: ${message}` : message
}
