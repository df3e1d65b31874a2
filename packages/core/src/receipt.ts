import type { AnalyticsEvent } from "./event.ts"
import type { Outcome } from "./outcome.ts"

/** What somebody handed over in one call and waits for. It gives each of its events one outcome, and only one. */
export interface Receipt {
  /** How many events it is for. */
  readonly count: number
  /** Gives some events in a row an outcome, unless they have one. How many got it. */
  settle(first: number, count: number, outcome: Outcome): number
  isSettled(index: number): boolean
  /** The events that have no outcome. */
  unsettled(): AnalyticsEvent[]
}

/** For a single event: the outcome becomes a promise. */
export function createWriteReceipt(
  event: AnalyticsEvent,
  resolve: () => void,
  reject: (error: Error) => void,
): Receipt {
  let settled = false
  return {
    count: 1,
    settle(_first, _count, outcome) {
      if (settled) return 0
      settled = true
      if (outcome.status === "stored") resolve()
      else reject(outcome.error)
      return 1
    },
    isSettled: () => settled,
    unsettled: () => (settled ? [] : [event]),
  }
}

/** For one event or more: the outcomes come together, in the order of the events. */
export function createDeliveryReceipt(
  events: readonly AnalyticsEvent[],
  resolve: (outcomes: Outcome[]) => void,
): Receipt {
  const outcomes = new Array<Outcome | undefined>(events.length).fill(undefined)
  let open = events.length
  return {
    count: events.length,
    settle(first, count, outcome) {
      let given = 0
      for (let index = first; index < first + count; index++) {
        if (outcomes[index] !== undefined) continue
        outcomes[index] = outcome
        given++
      }
      open -= given
      if (given > 0 && open === 0) resolve(outcomes as Outcome[])
      return given
    },
    isSettled: index => outcomes[index] !== undefined,
    unsettled: () => events.filter((_, index) => outcomes[index] === undefined),
  }
}
