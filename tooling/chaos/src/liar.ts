import { setTimeout as sleep } from "node:timers/promises"
import type { Sink } from "@singlesink/core"
import type { ChaosEvent } from "./events.ts"

/** Whoever calls an event stored as soon as this has taken it, lies; but nothing except a kill makes that a loss. */
export interface Liar {
  /** Hands the event to the sink before it returns, and again as often as it fails, until it is stored or rejected. */
  take(event: ChaosEvent): void
  /** Resolves when all that was taken has come to an end. */
  untilTrue(): Promise<void>
}

/** @param restMs how long an event that failed rests before it is handed over again */
export function createLiar(sink: Pick<Sink, "write">, restMs = 50): Liar {
  const open = new Set<Promise<void>>()

  async function store(event: ChaosEvent): Promise<void> {
    for (;;) {
      try {
        return await sink.write(event)
      } catch (error) {
        if ((error as Error).name === "EventError") return
        await sleep(restMs)
      }
    }
  }

  return {
    take(event) {
      const stored = store(event).finally(() => open.delete(stored))
      open.add(stored)
    },
    async untilTrue() {
      while (open.size > 0) await Promise.all(open)
    },
  }
}
