import { setTimeout as sleep } from "node:timers/promises"
import type { Random } from "@singlesink/fixtures"
import type { Backlog } from "./backlog.ts"
import type { FaultSource } from "./faults.ts"
import type { Watchdog } from "./watchdog.ts"
import type { WriterProcess } from "./writer-process.ts"

/** Events while the server fails, events without faults, or no new events. */
export type Phase = "faults" | "steady" | "drain"

export interface Surroundings {
  backlog: Backlog
  faults: FaultSource
  random: Random
  watchdog: Watchdog
}

/** The producers pause while this many events are under way. */
const maxUnderWay = 2_000

/**
 * Sends bursts of random size from several producers to a writer until `isOver` returns true, the writer ends, or the
 * watchdog expires.
 */
export async function drive(
  writer: WriterProcess,
  phase: Phase,
  { backlog, faults, random, watchdog }: Surroundings,
  isOver: () => boolean,
): Promise<void> {
  const untilOver = async (step: () => unknown, pauseMs: number) => {
    while (!isOver() && writer.isUp && !watchdog.isExpired) {
      await step()
      await sleep(random.below(pauseMs))
    }
  }
  const produce = () => {
    if (phase === "drain" || backlog.underWay >= maxUnderWay) return
    const numbers = backlog.take(1 + random.below(random.chance(0.1) ? 600 : 60))
    if (numbers.length > 0) writer.feed(random.chance(0.7) ? "write" : "writeBatch", numbers)
  }
  await Promise.all([
    untilOver(produce, 20),
    untilOver(produce, 60),
    untilOver(produce, 200),
    untilOver(() => phase === "faults" && faults.inject(), 40),
    untilOver(watchdog.check, 100),
  ])
}
