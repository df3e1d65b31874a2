/** The events of a topic. An event that is not acknowledged is delivered again. */
export interface Backlog {
  /** Takes the numbers to write next: returned ones first, then new ones. */
  take(count: number): number[]
  /** Records the outcome of events under way. */
  settle(numbers: readonly number[], what: "acknowledged" | "rejected" | "returned"): void
  /** Returns all events under way, because their writer has ended. */
  giveBack(): void
  /** Stops making new events. */
  end(): void
  readonly underWay: number
  readonly produced: number
  readonly redelivered: number
  readonly acknowledged: ReadonlySet<number>
  readonly rejected: ReadonlySet<number>
  /** Whether every produced event is acknowledged or rejected. */
  readonly isDone: boolean
}

/** Milliseconds before a failed event is delivered again. */
const restMs = 500

/** @param now the time in milliseconds */
export function createBacklog(now: () => number = Date.now): Backlog {
  const underWay = new Set<number>()
  /** The numbers and the time of their next delivery, earliest first. */
  const returned = new Map<number, number>()
  const acknowledged = new Set<number>()
  const rejected = new Set<number>()
  let produced = 0
  let redelivered = 0
  let ended = false

  return {
    take(count) {
      const numbers: number[] = []
      for (const [number, dueAt] of returned) {
        if (dueAt > now() || numbers.length === count) break
        numbers.push(number)
      }
      redelivered += numbers.length
      while (!ended && numbers.length < count) numbers.push(produced++)
      for (const number of numbers) {
        returned.delete(number)
        underWay.add(number)
      }
      return numbers
    },
    settle(numbers, what) {
      for (const number of numbers) {
        underWay.delete(number)
        if (what === "acknowledged") acknowledged.add(number)
        else if (what === "rejected") rejected.add(number)
        else returned.set(number, now() + restMs)
      }
    },
    giveBack() {
      const resting = [...returned]
      returned.clear()
      for (const number of underWay) returned.set(number, 0)
      for (const [number, dueAt] of resting) returned.set(number, dueAt)
      underWay.clear()
    },
    end() {
      ended = true
    },
    get underWay() {
      return underWay.size
    },
    get produced() {
      return produced
    },
    get redelivered() {
      return redelivered
    },
    acknowledged,
    rejected,
    get isDone() {
      return ended && underWay.size === 0 && returned.size === 0
    },
  }
}
