import type { ConfigErrorCode, DeliveryErrorCode, EventErrorCode } from "@singlesink/core"

type Verdict =
  | { error: "EventError"; code: EventErrorCode }
  | { error: "ConfigError"; code: ConfigErrorCode }
  | { error: "DeliveryError"; code: DeliveryErrorCode; ambiguous?: true }

/** One kind of failed answer: how it is recognised, what it means, and what to do. */
export type Failure = Verdict & {
  /** The engine's numbers in `Error <number> (<state>): …`. */
  engineCodes?: readonly number[]
  statuses?: readonly number[]
  text?: RegExp
  /** What is wrong and what to do next, as sentences; that a DeliveryError is to be tried again goes without saying. */
  says: string
  /** What the engine quotes in its text are names of databases, tables, columns or users: they may be shown. */
  quotesNames?: true
}

/**
 * Every failure that is known, most telling first: a text before an engine code, an engine code before a status.
 * What matches none is a ConfigError `unknown_answer`.
 *
 * @see https://docs.singlestore.com/db/v9.1/reference/data-api/data-api-error-handling.md
 */
const failures: readonly Failure[] = [
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
    engineCodes: [1064],
    statuses: [400, 415],
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
    engineCodes: [1317],
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
]

/** What a failed answer means; an engine code that is not known means nothing, whatever the status. */
export function findFailure(status: number, text: string): Failure | undefined {
  const engineCode = engineCodeOf(text)
  return failures.find(failure => {
    if (failure.text?.test(text)) return true
    if (engineCode !== undefined) return failure.engineCodes?.includes(engineCode) ?? false
    return failure.statuses?.includes(status) ?? false
  })
}

/** The number in `Error 1146 (42S02): …`; older servers leave the state out. */
export function engineCodeOf(text: string): number | undefined {
  const match = /^Error (\d+)(?: \(\w{5}\))?:/.exec(text)
  return match === null ? undefined : Number(match[1])
}
