import { setTimeout as sleep } from "node:timers/promises"
import type { Sink } from "@singlesink/core"
import type { ChaosEvent } from "./events.ts"

/** Lets its caller acknowledge an event before the row is stored. Only a kill turns that bug into a loss. */
export interface EarlyAckWriter {
  /** Writes the event to the sink before it returns, and again after each failure, until it is stored or rejected. */
  accept(event: ChaosEvent): void
  /** Resolves when every accepted event is stored or rejected. */
  idle(): Promise<void>
}

/** @param restMs how long a failed event waits before it is written again */
export function createEarlyAckWriter(sink: Pick<Sink, "write">, restMs = 50): EarlyAckWriter {
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
    accept(event) {
      const stored = store(event).finally(() => open.delete(stored))
      open.add(stored)
    },
    async idle() {
      while (open.size > 0) await Promise.all(open)
    },
  }
}
