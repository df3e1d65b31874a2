/** The events of a topic, as a consumer that remembers each acknowledgement: what is not acknowledged comes again. */
export interface Backlog {
  /** Numbers to write next: those that came back, then new ones. */
  take(count: number): number[]
  /** What became of events under way. */
  settle(numbers: readonly number[], what: "acknowledged" | "rejected" | "returned"): void
  /** The writer is dead: all that was under way comes back. */
  giveBack(): void
  /** No new events from now on. */
  end(): void
  readonly underWay: number
  readonly produced: number
  readonly redelivered: number
  readonly acknowledged: ReadonlySet<number>
  readonly rejected: ReadonlySet<number>
  /** Whether every event that was produced has come to an end. */
  readonly isDone: boolean
}

/** How long an event that failed rests before it comes again, in milliseconds. */
const restMs = 500

/** @param now the time in milliseconds */
export function createBacklog(now: () => number = Date.now): Backlog {
  const underWay = new Set<number>()
  /** With the time from which on they may come again; the earliest first. */
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
