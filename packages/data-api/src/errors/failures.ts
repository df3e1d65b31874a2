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

/**
 * What a response can say other than success. The first match wins: the start of the text before an engine number, an
 * engine number before a status.
 *
 * @see https://docs.singlestore.com/db/v9.1/reference/data-api/data-api-error-handling.md
 */
export const answerFailures: readonly Failure[] = [
  {
    // Only at the start: elsewhere the words may be a value.
    text: /^Error reading request body: .*request body too large/i,
    statuses: [413],
    error: "ConfigError",
    code: "request_too_large",
    message: "The request is too large. Send fewer or smaller rows.",
  },
  {
    engineCodes: [1045],
    statuses: [401],
    error: "ConfigError",
    code: "access_denied",
    message: "Authentication failed. Check the username and password, or the token.",
    quotesNames: true,
  },
  {
    engineCodes: [1044, 1142],
    statuses: [403],
    error: "ConfigError",
    code: "permission_denied",
    message: "The user lacks a privilege. Grant it; INSERT is enough to store events.",
    quotesNames: true,
  },
  {
    engineCodes: [1046],
    error: "ConfigError",
    code: "database_not_selected",
    message: "No database is selected. Set `database`.",
  },
  {
    engineCodes: [1049],
    error: "ConfigError",
    code: "unknown_database",
    message: "The database does not exist. Create it, or correct its name (case-sensitive).",
    quotesNames: true,
  },
  {
    engineCodes: [1146],
    error: "ConfigError",
    code: "unknown_table",
    message: "The table does not exist. Create it, or correct its name (case-sensitive).",
    quotesNames: true,
  },
  {
    engineCodes: [1054],
    error: "ConfigError",
    code: "unknown_column",
    message: "The table has no such column. Add it, or remove it from the columns.",
    quotesNames: true,
  },
  {
    // A 400 without an engine number is not here, because it may be about one row.
    engineCodes: [1064],
    statuses: [415],
    error: "ConfigError",
    code: "sql_error",
    message: "The server does not understand the statement. Correct it.",
  },
  {
    engineCodes: [1048, 1264, 1265, 1292, 1364, 1366, 1406, 1441],
    error: "EventError",
    code: "value_rejected",
    message: "The database rejected a value. Send one that its column can store.",
  },
  {
    engineCodes: [1062],
    error: "EventError",
    code: "duplicate_key",
    message: "A row with this key exists.",
  },
  {
    engineCodes: [1205, 1213],
    error: "DeliveryError",
    code: "lock_timeout",
    message: "The statement waited too long for a lock.",
  },
  {
    engineCodes: [1712, 1720],
    error: "DeliveryError",
    code: "database_out_of_memory",
    message: "The database is out of memory. Give it more.",
    quotesNames: true,
  },
  {
    engineCodes: [2269],
    error: "DeliveryError",
    code: "recovering",
    message: "The database is recovering.",
  },
  {
    engineCodes: [1040, 1203],
    statuses: [429],
    error: "DeliveryError",
    code: "overloaded",
    message: "The server is overloaded. Retry later, or lower `limits.maxInFlight`.",
  },
  {
    // 1885: the plan was dropped before it ran.
    engineCodes: [1317, 1885],
    error: "DeliveryError",
    code: "statement_interrupted",
    message: "The statement was interrupted.",
  },
  {
    engineCodes: [1158, 1159, 1160, 1161, 2004, 2006, 2012, 2013, 2014],
    error: "DeliveryError",
    code: "connection_lost",
    ambiguous: true,
    message: "The database lost an internal connection.",
  },
  {
    statuses: [404, 405],
    error: "ConfigError",
    code: "unknown_endpoint",
    message: "There is no Data API at this address. Correct it, or enable it.",
  },
  {
    // A browser shows status 0 for a redirect that it does not follow.
    statuses: [0, 301, 302, 303, 307, 308],
    error: "ConfigError",
    code: "not_a_data_api",
    message: "The server redirects, which is not followed. Set `url` to the Data API.",
  },
  {
    // A success that is not from the Data API, such as a login page.
    statuses: [200, 201, 202, 203, 204],
    error: "ConfigError",
    code: "not_a_data_api",
    message: "The response is not from the Data API. Set `url` to the Data API.",
  },
  {
    statuses: [408],
    error: "DeliveryError",
    code: "timeout",
    message: "The server did not receive the request in time.",
  },
  {
    statuses: [504],
    error: "DeliveryError",
    code: "timeout",
    ambiguous: true,
    message: "The database did not answer in time.",
  },
  {
    // 425 Too Early.
    statuses: [425, 503],
    error: "DeliveryError",
    code: "server_unavailable",
    message: "The server is unavailable.",
  },
  {
    // Includes the statuses of a proxy or a CDN that finds no server.
    minStatus: 500,
    error: "DeliveryError",
    code: "server_unavailable",
    ambiguous: true,
    message: "The server failed.",
  },
  {
    otherwise: "response",
    error: "ConfigError",
    code: "unexpected_response",
    message: "The response is unexpected.",
  },
]

/** What the absence of a response means, as far as any HTTP client reports it. */
export const noResponseFailures: readonly Failure[] = [
  {
    thrownMessage: /time.?out|timed out|exceeded/i,
    error: "DeliveryError",
    code: "timeout",
    ambiguous: true,
    message: "No response came in time.",
  },
  {
    otherwise: "no response",
    error: "DeliveryError",
    code: "connection_lost",
    ambiguous: true,
    message: "The connection was lost before the response came.",
  },
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

/** The error text of a response. Bare text is documented; servers and proxies also send a JSON string or object. */
export function toFailureText(body: string): string {
  const text = body.trim()
  if (!/^["{]/.test(text)) return text
  try {
    return textIn(JSON.parse(text)) ?? text
  } catch {
    return text
  }
}

function textIn(value: unknown): string | undefined {
  if (typeof value === "string") return value
  if (typeof value !== "object" || value === null) return undefined
  const { error, code, message } = value as Record<string, unknown>
  if (typeof message !== "string") return textIn(error)
  return typeof code === "number" ? `Error ${code}: ${message}` : message
}
