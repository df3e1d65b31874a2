export interface ModelClock {
  now(): number
  sleep(milliseconds: number, wake: () => void): () => void
  /** Wakes the next sleeper that is due by then and sets the clock to its time. False if there is none. */
  wakeNext(until: number): boolean
  set(milliseconds: number): void
}

interface Sleeper {
  at: number
  wake(): void
}

/** A clock that stands still until the model moves it. */
export function createModelClock(): ModelClock {
  let now = 1_000_000
  const sleepers = new Set<Sleeper>()

  return {
    now: () => now,
    sleep(milliseconds, wake) {
      const sleeper = { at: now + milliseconds, wake }
      sleepers.add(sleeper)
      return () => sleepers.delete(sleeper)
    },
    wakeNext(until) {
      let next: Sleeper | undefined
      for (const sleeper of sleepers) {
        if (sleeper.at <= until && (next === undefined || sleeper.at < next.at)) next = sleeper
      }
      if (next === undefined) return false
      now = Math.max(now, next.at)
      sleepers.delete(next)
      next.wake()
      return true
    },
    set(milliseconds) {
      now = milliseconds
    },
  }
}
