import { setTimeout as sleep } from "node:timers/promises"
import type { Random } from "@singlesink/fixtures"
import type { Backlog } from "./backlog.ts"
import type { Trouble } from "./faults.ts"
import type { Life } from "./life.ts"
import type { Silence } from "./silence.ts"

/** What happens while a writer lives: events and faults, events alone, or nothing new. */
export type Weather = "storm" | "calm" | "drought"

export interface Surroundings {
  backlog: Backlog
  trouble: Trouble
  random: Random
  silence: Silence
}

/** Most events under way; a producer waits for fewer. */
const maxUnderWay = 2_000

/** Feeds a life with bursts of random size, by several producers, until `isOver`, it is dead, or nothing goes on. */
export async function live(
  life: Life,
  weather: Weather,
  { backlog, trouble, random, silence }: Surroundings,
  isOver: () => boolean,
): Promise<void> {
  const untilOver = async (step: () => unknown, pauseMs: number) => {
    while (!isOver() && life.isUp && !silence.isThere) {
      await step()
      await sleep(random.below(pauseMs))
    }
  }
  const produce = () => {
    if (weather === "drought" || backlog.underWay >= maxUnderWay) return
    const numbers = backlog.take(1 + random.below(random.chance(0.1) ? 600 : 60))
    if (numbers.length > 0) life.feed(random.chance(0.7) ? "write" : "deliver", numbers)
  }
  await Promise.all([
    untilOver(produce, 20),
    untilOver(produce, 60),
    untilOver(produce, 200),
    untilOver(() => weather === "storm" && trouble.add(), 40),
    untilOver(silence.listen, 100),
  ])
}
