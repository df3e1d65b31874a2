import type { AnalyticsEvent } from "./event.ts"
import type { Outcome } from "./outcome.ts"

/** What somebody handed over in one call and waits for. Each of its events gets one outcome, and only one. */
export interface Receipt {
  readonly events: readonly AnalyticsEvent[]
  readonly outcomes: (Outcome | undefined)[]
  /** When it was handed over; 0 where nobody asks how long ago that is. */
  readonly startedAt: number
  /** How many events have no outcome yet. */
  open: number
  /** Whether its rows may linger for others. */
  readonly waits: boolean
  /** Called once, when there is none without an outcome. */
  readonly done: (outcomes: Outcome[]) => void
}

/** @param events not the caller's own array, which may be filled anew while we work */
export function createReceipt(
  events: readonly AnalyticsEvent[],
  waits: boolean,
  done: (outcomes: Outcome[]) => void,
  startedAt: number = 0,
): Receipt {
  const { length } = events
  return { events, outcomes: new Array(length), startedAt, open: length, waits, done }
}

/** Gives some events in a row an outcome, unless they have one. How many got it. */
export function settleReceipt(receipt: Receipt, first: number, count: number, outcome: Outcome): number {
  const { outcomes } = receipt
  let given = 0
  for (let index = first; index < first + count; index++) {
    if (outcomes[index] !== undefined) continue
    outcomes[index] = outcome
    given++
  }
  receipt.open -= given
  if (given > 0 && receipt.open === 0) receipt.done(outcomes as Outcome[])
  return given
}
