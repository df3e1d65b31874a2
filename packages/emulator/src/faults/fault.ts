/** A scripted failure of the emulator, as a plain object. */
export type Fault =
  | RespondFault
  | DisconnectFault
  | HangFault
  | ResetFault
  | TruncateFault
  | DelayFault
  | BodyLimitFault
  | RejectRowsFault

/** The requests that a fault hits. */
interface Matching {
  /** The endpoint: `exec`, `query`, `ping`, or `any` path under /api. @default "any" */
  on?: "exec" | "query" | "ping" | "any"
  /** The number of matching requests that pass first. @default 0 */
  skip?: number
  /** The number of requests to hit. @default 1, or "always" with `milliseconds`, for `body_limit` and for `reject_rows` */
  times?: number | "always"
  /** The probability that a matching request is hit, from 0 to 1; drawn with the option `seed`. @default 1 */
  chance?: number
}

/** A fault that can end after a while. */
interface Lasting extends Matching {
  /** The time until the fault ends, in milliseconds. @default no limit */
  milliseconds?: number
}

/** An answer that replaces the server's. */
interface GivenAnswer {
  /** The status, from 200 to 599. @default 400 */
  status?: number
  /** The body. @default the reason phrase of the status, such as "Service Unavailable" */
  body?: string
  /** A MySQL code from 1 to 9999, in place of `body`: the body is `Error <code> (<state>): <text>`. */
  engineCode?: number
}

interface AfterCommit {
  /** With "commit", the statement runs first, and only its answer is lost. @default the statement is not run */
  after?: "commit"
}

/**
 * Answers with a status, as the server or a proxy would. Needs `status` or `engineCode`. A body that starts with `<` is
 * sent as HTML. Status 301, 302, 303, 307 and 308 lead to a second server, which records requests in `emulator.redirected`.
 */
export interface RespondFault extends Lasting, GivenAnswer, AfterCommit {
  kind: "respond"
  /** Headers to send, such as `{ "retry-after": "7" }`. */
  headers?: Record<string, string>
}

/** Closes the connection instead of answering. */
export interface DisconnectFault extends Lasting, AfterCommit {
  kind: "disconnect"
}

/** Reads the request, never answers, and keeps the connection open. */
export interface HangFault extends Lasting, AfterCommit {
  kind: "hang"
}

/** Resets the TCP connection. */
export interface ResetFault extends Lasting {
  kind: "reset"
  /** Before the body is read, after about half of it, or after the statement has run. @default "start" */
  at?: "start" | "body" | "commit"
  /** Hits only requests on a connection that has served a request before. @default false */
  reusedOnly?: boolean
}

/** Runs the statement, then closes the connection in the middle of a chunked answer. */
export interface TruncateFault extends Lasting {
  kind: "truncate"
}

/** Runs the statement, then answers late. */
export interface DelayFault extends Matching {
  kind: "delay"
  /** "headers" delays the whole answer; "body" sends the headers and half of the body at once. */
  part: "headers" | "body"
  /** The time by which the answer is late. */
  milliseconds: number
}

/** A smaller limit for request bodies. The option `maxBytes` still applies. */
export interface BodyLimitFault extends Lasting {
  kind: "body_limit"
  /** The size of the largest body that passes, in bytes. */
  maxBytes: number
  /** 413 with an HTML page, as a proxy answers, or 400 with the server's text. @default 400 */
  status?: 400 | 413
}

/**
 * Refuses an INSERT with a bad row as a whole. Only its content makes a row bad, so the same row is refused alone, among
 * others, and in every attempt. Needs `every` or `containing`; `skip`, `times` and `chance` count INSERTs with a bad row.
 */
export interface RejectRowsFault extends Lasting, GivenAnswer {
  kind: "reject_rows"
  /** One row in this many is bad, chosen by a hash of its first value. */
  every?: number
  /** Rows are bad if one of their values, as text, contains this. */
  containing?: string
  /** The MySQL code of the answer. @default 1366 without `body` */
  engineCode?: number
}

/** The kinds of faults. */
export type FaultKind = Fault["kind"]
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>

/** A state of the server that holds for every request, whatever its answer becomes. */
type Condition = BodyLimitFault | RejectRowsFault
/** What happens to a single request; each request has at most one. */
export type RequestFault = Exclude<Fault, Condition>
