import type { ConfigErrorCode, DeliveryErrorCode, EventErrorCode } from "@singlesink/core"

type Verdict =
  | { error: "EventError"; code: EventErrorCode }
  | { error: "ConfigError"; code: ConfigErrorCode }
  | { error: "DeliveryError"; code: DeliveryErrorCode; ambiguous?: true }

/** One kind of failure: how it is recognised, what it means, and what to do. */
export type Failure = Verdict & {
  /** How the text of an answer begins. */
  text?: RegExp
  /** The engine's numbers in `Error <number> (<state>): …`. */
  engineCodes?: readonly number[]
  /** HTTP statuses of an answer that has no number of the engine's. */
  statuses?: readonly number[]
  /** The same, and all that are higher. */
  minStatus?: number
  /** What Node and undici call it where no answer came. */
  systemCode?: RegExp
  /** In the message of what an HTTP client throws. */
  thrown?: RegExp
  /** What nothing else in the table says of an answer, or of none. */
  otherwise?: "answer" | "no answer"
  /** What is wrong and what to do next, as sentences; that a DeliveryError is to be tried again goes without saying. */
  says: string
  /** What the engine quotes in its text are names of databases, tables, columns or users: they may be shown. */
  quotesNames?: true
}

/**
 * What an answer may say that is no success, most telling first: how its text begins before an engine code, an engine
 * code before a status.
 *
 * @see https://docs.singlestore.com/db/v9.1/reference/data-api/data-api-error-handling.md
 */
export const answerFailures: readonly Failure[] = [
  {
    // Only so: the words alone may be somebody's value.
    text: /^Error reading request body: .*request body too large/i,
    statuses: [413],
    error: "ConfigError",
    code: "request_too_large",
    says: "The request is too large. Send it in smaller pieces.",
  },
  {
    engineCodes: [1045],
    statuses: [401],
    error: "ConfigError",
    code: "access_denied",
    says: "User name, password or token is wrong. Correct it.",
    quotesNames: true,
  },
  {
    engineCodes: [1044, 1142],
    statuses: [403],
    error: "ConfigError",
    code: "no_privilege",
    says: "The user lacks a privilege. Grant it: INSERT is enough for storing events.",
    quotesNames: true,
  },
  {
    engineCodes: [1046],
    error: "ConfigError",
    code: "no_database",
    says: "No database is selected. Name one.",
  },
  {
    engineCodes: [1049],
    error: "ConfigError",
    code: "unknown_database",
    says: "The database does not exist. Create it or correct its name; case counts.",
    quotesNames: true,
  },
  {
    engineCodes: [1146],
    error: "ConfigError",
    code: "unknown_table",
    says: "The table does not exist. Create it by createTableSql or correct its name; case counts.",
    quotesNames: true,
  },
  {
    engineCodes: [1054],
    error: "ConfigError",
    code: "unknown_column",
    says: "The table lacks a column. Add it with ALTER TABLE, or leave it out of the columns.",
    quotesNames: true,
  },
  {
    // A 400 without a number says nothing for certain: it may be about one row.
    engineCodes: [1064],
    statuses: [415],
    error: "ConfigError",
    code: "bad_request",
    says: "The request or its statement was not understood. Correct it.",
  },
  {
    engineCodes: [1048, 1264, 1265, 1292, 1364, 1366, 1406, 1441],
    error: "EventError",
    code: "value_refused",
    says: "The database refused a value. Send one that its column can hold.",
  },
  {
    engineCodes: [1062],
    error: "EventError",
    code: "duplicate_key",
    says: "A row with this key is there already.",
  },
  {
    engineCodes: [1205, 1213],
    error: "DeliveryError",
    code: "lock_wait",
    says: "A lock was held for too long.",
  },
  {
    engineCodes: [1712, 1720],
    error: "DeliveryError",
    code: "out_of_memory",
    says: "The database is short of memory. Give it more if that lasts.",
  },
  {
    engineCodes: [2269],
    error: "DeliveryError",
    code: "recovering",
    says: "The database is recovering.",
  },
  {
    engineCodes: [1040, 1203],
    statuses: [429],
    error: "DeliveryError",
    code: "too_busy",
    says: "The server has too much to do. Send fewer requests at once.",
  },
  {
    // 1885: its plan was dropped between being made and being run.
    engineCodes: [1317, 1885],
    error: "DeliveryError",
    code: "interrupted",
    says: "The statement was interrupted.",
  },
  {
    engineCodes: [1158, 1159, 1160, 1161, 2004, 2006, 2012, 2013, 2014],
    error: "DeliveryError",
    code: "network",
    ambiguous: true,
    says: "A connection inside the database was lost.",
  },
  {
    statuses: [404, 405],
    error: "ConfigError",
    code: "unknown_endpoint",
    says: "There is no Data API at this address. Correct the address, or enable the Data API.",
  },
  {
    // 0 is what a browser shows of a redirect that it was told not to follow.
    statuses: [0, 301, 302, 303, 307, 308],
    error: "ConfigError",
    code: "not_the_data_api",
    says: "This is a redirect, which is never followed. Give the address of the Data API itself.",
  },
  {
    // An answer of success that is none of the Data API's: a login page, for example.
    statuses: [200, 201, 202, 203, 204],
    error: "ConfigError",
    code: "not_the_data_api",
    says: "This is no answer of the Data API's. Give the address of the Data API itself.",
  },
  {
    statuses: [408],
    error: "DeliveryError",
    code: "timeout",
    says: "The request did not arrive in time.",
  },
  {
    statuses: [504],
    error: "DeliveryError",
    code: "timeout",
    ambiguous: true,
    says: "The database did not answer in time, and may have done the work.",
  },
  {
    // 425: too early.
    statuses: [425, 503],
    error: "DeliveryError",
    code: "server_unavailable",
    says: "The server is not available.",
  },
  {
    // Among them what a proxy or a CDN says that finds no server.
    minStatus: 500,
    error: "DeliveryError",
    code: "server_unavailable",
    ambiguous: true,
    says: "The server failed, and may have done the work.",
  },
  {
    otherwise: "answer",
    error: "ConfigError",
    code: "unknown_answer",
    says: "The answer is not known. Read what the server says.",
  },
]

/** What it means that no answer came, as far as any HTTP client tells. */
export const lossFailures: readonly Failure[] = [
  {
    thrown: /time.?out|timed out|exceeded/i,
    error: "DeliveryError",
    code: "timeout",
    ambiguous: true,
    says: "No answer came in time, and the work may have been done.",
  },
  {
    otherwise: "no answer",
    error: "DeliveryError",
    code: "network",
    ambiguous: true,
    says: "The connection was lost before the answer came, and the work may have been done.",
  },
]

/** What is known of a request that did not succeed: its answer, or what was thrown instead of one. */
export type Sign = { status: number; text: string } | { systemCode: string | undefined; thrown: string }

/** What a sign means. An engine code that is not known means nothing, whatever the status. */
export function findFailure(failures: readonly Failure[], sign: Sign): Failure {
  const isThat = "status" in sign ? ofAnswer(sign.status, sign.text) : ofNone(sign)
  // Answers and losses each have one entry for what nothing else fits.
  return failures.find(isThat) as Failure
}

function ofAnswer(status: number, text: string): (failure: Failure) => unknown {
  const engineCode = engineCodeOf(text)
  return ({ text: pattern, engineCodes, statuses, minStatus = Number.POSITIVE_INFINITY, otherwise }) => {
    if (otherwise === "answer" || pattern?.test(text)) return true
    if (engineCode !== undefined) return engineCodes?.includes(engineCode)
    return status >= minStatus || statuses?.includes(status)
  }
}

function ofNone({ systemCode = "", thrown: message }: { systemCode: string | undefined; thrown: string }) {
  return ({ systemCode: pattern, thrown, otherwise }: Failure) =>
    otherwise === "no answer" || pattern?.test(systemCode) || thrown?.test(message)
}

/** The number in `Error 1146 (42S02): …`; older servers leave the state out. */
export function engineCodeOf(text: string): number | undefined {
  const match = /^Error (\d+)(?: \(\w{5}\))?:/.exec(text)
  return match === null ? undefined : Number(match[1])
}

/**
 * The text of a failed answer. Bare text is what is documented; a JSON string, or an object with an error in it, is
 * what else a server or a proxy may send.
 */
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
