/** What the server sends to the live page. The page imports these types, so both agree. */

/** One second of traffic. */
export interface LiveSecond {
  /** The second, in seconds since 1970. */
  readonly at: number
  readonly stored: number
  readonly rejected: number
  readonly failed: number
  /** Milliseconds from arrival to commit, of stored events; null without any. */
  readonly p50: number | null
  readonly p99: number | null
}

/** One event of the sample. */
export interface LiveEvent {
  readonly id: number
  /** When it had its outcome, in milliseconds since 1970. */
  readonly at: number
  readonly type: string
  /** The name of a track event, page or screen. */
  readonly name: string
  /** The user; a short digest unless values are shown. */
  readonly user: string
  readonly table: string
  readonly outcome: "stored" | "rejected" | "failed"
  /** From arrival to outcome. */
  readonly milliseconds: number
  /** The code of the error. */
  readonly code?: string | undefined
}

/** What `GET /live/events/:id` answers. */
export interface LiveDetails {
  /** The event, or its structure if values are masked. Absent if it is too large for the sample. */
  readonly event?: unknown
  /** Why it is not stored. A message contains no value of the event. */
  readonly error?: { readonly column?: string | undefined; readonly message: string } | undefined
}

/** Why events are not stored. */
export interface LiveProblem {
  readonly code: string
  readonly column?: string | undefined
  readonly outcome: "rejected" | "failed"
  /** What is wrong, and what to do. */
  readonly reason: string
  readonly count: number
  /** In milliseconds since 1970. */
  readonly lastAt: number
}

/** Which events violate their schema. */
export interface LiveViolation {
  /** The name of a track event, or the type of any other event. */
  readonly event: string
  /** The paths that were wrong, such as `properties.plan`. */
  readonly paths: readonly string[]
  readonly count: number
  /** In milliseconds since 1970. */
  readonly lastAt: number
}

/** The first message of a stream. */
export interface LiveSnapshot {
  readonly seconds: readonly LiveSecond[]
  /** Oldest first. */
  readonly events: readonly LiveEvent[]
  readonly problems: readonly LiveProblem[]
  readonly violations: readonly LiveViolation[]
  readonly totals: LiveTotals
  readonly showsValues: boolean
}

/** Events since the start. */
export interface LiveTotals {
  readonly stored: number
  readonly rejected: number
  readonly failed: number
  /** Events without an outcome. */
  readonly pending: number
}

/** The further messages of a stream: what is new. */
export interface LiveUpdate {
  /** The seconds that ended. */
  readonly seconds: readonly LiveSecond[]
  readonly events: readonly LiveEvent[]
  /** Events that are not in `events`, because there were too many. */
  readonly skipped: number
  /** All problems, if one changed. */
  readonly problems?: readonly LiveProblem[] | undefined
  /** All violations, if one changed. */
  readonly violations?: readonly LiveViolation[] | undefined
  readonly totals: LiveTotals
}
