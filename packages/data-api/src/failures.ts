import type { ConfigErrorCode, DeliveryErrorCode, EventErrorCode } from "@singlesink/core"

type Verdict =
  | { error: "EventError"; code: EventErrorCode }
  | { error: "ConfigError"; code: ConfigErrorCode }
  | { error: "DeliveryError"; code: DeliveryErrorCode; ambiguous?: true }

/** One kind of failure: how it is recognised, what it means, and what to do. */
export type Failure = Verdict & {
  /** In the text of an answer. */
  text?: RegExp
  /** The engine's numbers in `Error <number> (<state>): …`. */
  engineCodes?: readonly number[]
  /** HTTP statuses of an answer that has no number of the engine's. */
  statuses?: readonly number[]
  /** What Node and undici call it where no answer came. */
  systemCodes?: readonly string[]
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
 * Everything that can go wrong with a request, most telling first: a text before an engine code, an engine code before
 * a status.
 *
 * @see https://docs.singlestore.com/db/v9.1/reference/data-api/data-api-error-handling.md
 */
export const failures: readonly Failure[] = [
  {
    text: /request body too large/i,
    statuses: [413],
    error: "ConfigError",
    code: "request_too_large",
    says: "The request is larger than the Data API takes. Send it in smaller pieces.",
  },
  {
    engineCodes: [1045],
    statuses: [401],
    error: "ConfigError",
    code: "access_denied",
    says: "The user name, the password or the token is wrong. Correct it.",
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
    says: "The database does not exist. Create it or correct its name, in which case counts.",
    quotesNames: true,
  },
  {
    engineCodes: [1146],
    error: "ConfigError",
    code: "unknown_table",
    says: "The table does not exist. Create it by createTableSql or correct its name, in which case counts.",
    quotesNames: true,
  },
  {
    engineCodes: [1054],
    error: "ConfigError",
    code: "unknown_column",
    says: "The table lacks a column. Add it with ALTER TABLE or leave it out of the columns.",
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
    says: "Another statement held a lock for too long.",
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
    says: "There is no Data API at this address. Correct the address, or enable the Data API on the server.",
  },
  {
    // 0 is what a browser shows of a redirect that it was told not to follow.
    statuses: [0, 301, 302, 303, 307, 308],
    error: "ConfigError",
    code: "not_the_data_api",
    says: "The address answers with a redirect, which is never followed. Give the address of the Data API itself.",
  },
  {
    // An answer of success that is none of the Data API's: a login page, for example.
    statuses: [200, 201, 202, 203, 204],
    error: "ConfigError",
    code: "not_the_data_api",
    says: "Something answers, but not as the Data API does. Give the address of the Data API itself.",
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
    says: "The database did not answer the Data API in time, and may have done the work.",
  },
  {
    statuses: [503],
    error: "DeliveryError",
    code: "server_unavailable",
    says: "The server is not available.",
  },
  {
    statuses: [500, 502],
    error: "DeliveryError",
    code: "server_unavailable",
    ambiguous: true,
    says: "The server failed, and may have done the work.",
  },
  {
    // UND_ERR_CLOSED: the pool was closed before, by whoever made it.
    systemCodes: [
      "EADDRNOTAVAIL",
      "EAI_AGAIN",
      "ECONNREFUSED",
      "EHOSTDOWN",
      "EHOSTUNREACH",
      "ENETDOWN",
      "ENETUNREACH",
      "ENOTFOUND",
      "UND_ERR_CLOSED",
      "UND_ERR_CONNECT_TIMEOUT",
    ],
    error: "DeliveryError",
    code: "unreachable",
    says: "No connection comes about. Check the address, and that the server runs.",
  },
  {
    systemCodes: [
      "CERT_HAS_EXPIRED",
      "CERT_NOT_YET_VALID",
      "CERT_REVOKED",
      "CERT_UNTRUSTED",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE",
      "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
      "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "HOSTNAME_MISMATCH",
      "INVALID_PURPOSE",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ],
    error: "ConfigError",
    code: "bad_certificate",
    says: "One side does not trust the certificate of the other: it has expired, is for another name, or comes from an authority that is not known. Renew it, or give the authority (tls.ca) or the client certificate (tls.cert) that is missing.",
  },
  {
    systemCodes: ["EPROTO", "ERR_SSL_PACKET_LENGTH_TOO_LONG", "ERR_SSL_WRONG_VERSION_NUMBER"],
    error: "ConfigError",
    code: "no_tls",
    says: "What listens there does not speak TLS. Give the port that does, or a url that begins with http.",
  },
  {
    // What the standard's fetch says of a port that it refuses, such as 25 or 6000.
    thrown: /\bbad port$/,
    error: "ConfigError",
    code: "bad_options",
    says: "The platform's fetch refuses the port of this address. Use another port, or undiciFetch.",
  },
  {
    systemCodes: ["ETIMEDOUT", "UND_ERR_BODY_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT"],
    thrown: /time.?out|timed out|exceeded/i,
    error: "DeliveryError",
    code: "timeout",
    ambiguous: true,
    says: "No answer came in time, and the work may have been done.",
  },
  {
    thrown: /Proxy response \(407\)/,
    error: "ConfigError",
    code: "access_denied",
    says: "The proxy asks for a user name and a password. Give them in its URL.",
  },
  {
    thrown: /Proxy response \(/,
    error: "DeliveryError",
    code: "unreachable",
    says: "The proxy makes no connection to the Data API.",
  },
  {
    otherwise: "no answer",
    error: "DeliveryError",
    code: "network",
    ambiguous: true,
    says: "The connection was lost before the whole answer came, and the work may have been done.",
  },
  {
    otherwise: "answer",
    error: "ConfigError",
    code: "unknown_answer",
    says: "The answer is not one that is known. Read what the server says.",
  },
]

/** What is known of a request that did not succeed: its answer, or what was thrown instead of one. */
export type Sign = { status: number; text: string } | { systemCode: string | undefined; thrown: string }

/** What a sign means. An engine code that is not known means nothing, whatever the status. */
export function findFailure(sign: Sign): Failure {
  const found = "status" in sign ? findOfAnswer(sign.status, sign.text) : findOfNone(sign)
  return found as Failure
}

function findOfAnswer(status: number, text: string): Failure | undefined {
  const engineCode = engineCodeOf(text)
  return failures.find(failure => {
    if (failure.text?.test(text) || failure.otherwise === "answer") return true
    if (engineCode !== undefined) return failure.engineCodes?.includes(engineCode)
    return failure.statuses?.includes(status)
  })
}

function findOfNone({ systemCode = "", thrown }: { systemCode: string | undefined; thrown: string }) {
  return failures.find(
    failure =>
      failure.systemCodes?.includes(systemCode) ||
      failure.thrown?.test(thrown) ||
      failure.otherwise === "no answer",
  )
}

/** The number in `Error 1146 (42S02): …`; older servers leave the state out. */
export function engineCodeOf(text: string): number | undefined {
  const match = /^Error (\d+)(?: \(\w{5}\))?:/.exec(text)
  return match === null ? undefined : Number(match[1])
}
