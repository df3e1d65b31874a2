import { type ConfigError, type DeliveryError, toAmbiguous } from "../errors.ts"
import type { Event } from "../event/event.ts"
import type { Outcome } from "../outcome.ts"
import type { Counts } from "../stats.ts"

/** The events of one call, and the caller that waits for them. Each event gets exactly one outcome. */
export interface Submission {
  readonly events: readonly Event[]
  readonly outcomes: (Outcome | undefined)[]
  /** When the call came; 0 if no setting asks for the age of events. */
  readonly startedAt: number
  /** The number of events without an outcome. */
  pending: number
  /** Whether its rows may wait for the rows of other calls. */
  readonly mayLinger: boolean
  /** The error of the last request that may have stored the event although no answer confirmed it, by index. */
  inDoubt: (ConfigError | DeliveryError | undefined)[] | undefined
  /** The counts of the sink. */
  readonly stats: Counts
  /** Called once, when every event has its outcome. */
  readonly done: (outcomes: Outcome[]) => void
}

/** @param events a list that the caller does not change afterwards */
export function createSubmission(
  events: readonly Event[],
  {
    mayLinger,
    startedAt = 0,
    stats,
    done,
  }: Pick<Submission, "mayLinger" | "stats" | "done"> & { startedAt?: number },
): Submission {
  const { length } = events
  stats.received += length
  stats.pending += length
  return {
    events,
    outcomes: new Array(length),
    startedAt,
    pending: length,
    mayLinger,
    inDoubt: undefined,
    stats,
    done,
  }
}

/** Some events of a submission, one after the other. */
export interface Span {
  readonly submission: Submission
  /** The index of the first event. */
  readonly offset: number
  readonly rows: number
}

/** Gives events their outcome, unless they have one. Every outcome of a sink is given here. @returns how many got it */
export function settle({ submission, offset, rows }: Span, outcome: Outcome): number {
  const { outcomes, inDoubt, stats } = submission
  let settled = 0
  for (let index = offset; index < offset + rows; index++) {
    if (outcomes[index] !== undefined) continue
    const own = inDoubt === undefined ? outcome : withDoubt(outcome, inDoubt[index])
    outcomes[index] = own
    stats[own.status]++
    settled++
  }
  stats.pending -= settled
  submission.pending -= settled
  if (settled > 0 && submission.pending === 0) submission.done(outcomes as Outcome[])
  return settled
}

/** Notes that a request may have stored these events. */
export function markInDoubt({ submission, offset, rows }: Span, error: ConfigError | DeliveryError): void {
  submission.inDoubt ??= new Array(submission.events.length)
  submission.inDoubt.fill(error, offset, offset + rows)
}

/** An event that may be in the table cannot be rejected: it fails with the error that left it in doubt. */
function withDoubt(outcome: Outcome, doubt: ConfigError | DeliveryError | undefined): Outcome {
  if (doubt === undefined || outcome.status === "stored") return outcome
  return { status: "failed", error: toAmbiguous(outcome.status === "failed" ? outcome.error : doubt) }
}

/** Whether one of the events has no outcome. */
export function isPending({ submission, offset, rows }: Span): boolean {
  for (let index = offset; index < offset + rows; index++)
    if (submission.outcomes[index] === undefined) return true
  return false
}
