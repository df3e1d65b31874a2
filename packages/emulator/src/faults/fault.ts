/** A scripted misbehaviour of the emulator: plain JSON, so that it travels over HTTP too. */
export type Fault =
  | StatusFault
  | EngineErrorFault
  | HtmlFault
  | RedirectFault
  | HangFault
  | ResetFault
  | StaleSocketFault
  | CommitThenFault
  | TruncatedFault
  | SlowHeadersFault
  | SlowBodyFault
  | RecoveringFault
  | BodyLimitFault
  | WrongPasswordFault
  | RefuseRowsFault
  | DropTableFault
  | RecreateTableFault

/** Which requests a fault meets. */
interface Matching {
  /** Requests it meets: those to exec, those to query, the pings, or whatever is under /api. @default "any" */
  on?: "exec" | "query" | "ping" | "any"
  /** How many matching requests pass unharmed first. @default 0 */
  after?: number
  /** How likely it hits a matching request, from 0 to 1; drawn with the option `seed`. @default 1 */
  chance?: number
}

/** A fault that hits single requests, each of them as a whole. */
interface Striking extends Matching {
  /** How many requests it hits before it is used up. @default 1 */
  times?: number | "always"
}

/** A fault that is a condition of the server: it stays until it is stopped. */
interface Lasting extends Matching {
  /** After how many milliseconds it ends by itself. @default never */
  milliseconds?: number
}

/** An answer with this status, as from the server or a proxy before it; the statement is not run. */
export interface StatusFault extends Striking {
  kind: "status"
  /** 200 to 599. */
  status: number
  /** The body. @default the name of the status, such as "Service Unavailable" */
  text?: string
  /** The Retry-After header: whole seconds, or an HTTP date as toUTCString writes it. @default none */
  retryAfter?: number | string
}

/** `Error <code> (<state>): <text>`, as the engine refuses a statement; the statement is not run. */
export interface EngineErrorFault extends Striking {
  kind: "engine_error"
  /** The MySQL code, from 1 to 9999. */
  code: number
  /** 200 to 599. @default 400 */
  status?: number
  /** What stands behind the colon. @default the engine's text for the well known codes, else "Unknown error" */
  text?: string
}

/** An HTML page in place of the API; the statement is not run. */
export interface HtmlFault extends Striking {
  kind: "html"
  /** 200 to 599. @default 200 */
  status?: number
  /** The page. @default a small login page */
  text?: string
}

/** Sends the client to another server, which counts what arrives in `emulator.redirected`; the statement is not run. */
export interface RedirectFault extends Striking {
  kind: "redirect"
  /** @default 302 */
  status?: 301 | 302 | 303 | 307 | 308
}

/** The request is read and never answered, the statement is not run, and the connection stays open. */
export interface HangFault extends Striking {
  kind: "hang"
}

/** A TCP reset. */
export interface ResetFault extends Striking {
  kind: "reset"
  /** Before the body is read; after about half of it; or after the statement ran, in place of the answer. */
  at: "start" | "body" | "committed"
}

/** A TCP reset of a request that comes on a connection used before; one on a fresh connection is not met. */
export interface StaleSocketFault extends Striking {
  kind: "stale_socket"
}

/** The statement runs, and the client does not hear of it. */
export interface CommitThenFault extends Striking {
  kind: "commit_then"
  /** The connection is closed, nothing comes, or this status from 200 to 599 does. */
  answer: "close" | "hang" | number
  /** The body that goes with a status. @default the name of the status */
  text?: string
}

/** The statement runs, and the connection is cut in the middle of a chunked answer. */
export interface TruncatedFault extends Striking {
  kind: "truncated"
}

/** The statement runs, and its whole answer is held back. */
export interface SlowHeadersFault extends Striking {
  kind: "slow_headers"
  /** For how long. */
  milliseconds: number
}

/** The statement runs, the headers come at once, and the body in pieces. */
export interface SlowBodyFault extends Striking {
  kind: "slow_body"
  /** The time over which the pieces are spread. */
  milliseconds: number
}

/** Every statement meets error 2269: the database recovers. */
export interface RecoveringFault extends Lasting {
  kind: "recovering"
  /** How long it takes. */
  milliseconds: number
}

/** A smaller body limit; the emulator's own limit stays beside it. */
export interface BodyLimitFault extends Lasting {
  kind: "body_limit"
  /** The largest body that passes. */
  maxBytes: number
  /** 413 with a page, as a proxy answers. @default the server's own 400 text */
  answer?: 413
}

/** Every statement is answered 401 with error 1045, as after a change of the password. */
export interface WrongPasswordFault extends Lasting {
  kind: "wrong_password"
}

/**
 * Refuses an INSERT as a whole where one of its rows is bad. A row is bad by its content alone, so that the same row
 * meets the same fate alone, among others, and again. Of `every` and `containing` one must be there, or both.
 */
export interface RefuseRowsFault {
  kind: "refuse_rows"
  /** One row in so many is bad, chosen by a hash of its first value. */
  every?: number
  /** Rows are bad of which a value, as text, contains this. */
  containing?: string
  /** The MySQL code that refuses them, from 1 to 9999. @default 1366 */
  code?: number
  /** Exactly this is the answer, in place of a code: an error that nobody knows. */
  text?: string
  /** 200 to 599. @default 400 */
  status?: number
  /** How many INSERTs it refuses before it is used up. @default "always" */
  times?: number | "always"
  /** How many INSERTs with a bad row pass first. @default 0 */
  after?: number
  /** After how many milliseconds it ends by itself. @default never */
  milliseconds?: number
}

/** Drops a table at once. */
export interface DropTableFault {
  kind: "drop_table"
  table: string
  /** @default the first database */
  database?: string
}

/** Drops a table where there is one, and makes another in its place, at once. */
export interface RecreateTableFault {
  kind: "recreate_table"
  table: string
  /** @default the first database */
  database?: string
  /** The CREATE TABLE of the same name. */
  sql: string
}

export type FaultKind = Fault["kind"]
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>

/** What is true of the server while it lasts. */
export type Condition = RecoveringFault | BodyLimitFault | WrongPasswordFault | RefuseRowsFault
/** What is done to a table, once. */
export type TableChange = DropTableFault | RecreateTableFault
/** What hits a request as a whole; a request meets one at most. */
export type Strike = Exclude<Fault, Condition | TableChange>
