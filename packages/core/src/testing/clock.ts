import type { Runtime } from "../runtime.ts"
import { flushMicrotasks } from "./transport.ts"

interface Sleeper {
  at: number
  wake(): void
}

/** A clock that stands still until the test advances it. By default the random numbers are the largest possible. */
export function createClock(random: () => number = () => 0.999999): {
  runtime: Pick<Runtime, "now" | "sleep" | "random">
  sleepers: ReadonlySet<Sleeper>
  advance(milliseconds: number): Promise<void>
} {
  let now = 1_000_000
  const sleepers = new Set<Sleeper>()

  return {
    sleepers,
    runtime: {
      now: () => now,
      random,
      sleep(milliseconds, wake) {
        const sleeper = { at: now + milliseconds, wake }
        sleepers.add(sleeper)
        return () => sleepers.delete(sleeper)
      },
    },
    /** Wakes the sleepers that are due, in order, and lets everything happen that follows from each of them. */
    async advance(milliseconds) {
      const until = now + milliseconds
      await flushMicrotasks()
      for (;;) {
        const [next] = [...sleepers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
        if (next === undefined) break
        now = Math.max(now, next.at)
        sleepers.delete(next)
        next.wake()
        await flushMicrotasks()
      }
      now = until
      await flushMicrotasks()
    },
  }
}
