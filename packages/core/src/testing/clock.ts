import type { Runtime } from "../runtime.ts"
import { flushMicrotasks } from "./transport.ts"

interface Sleeper {
  at: number
  wake(): void
}

/** A clock that goes on when the test says so. Random is the most there can be, unless told otherwise. */
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
    /** Whoever is due wakes, in order, with everything that follows from it done in between. */
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
