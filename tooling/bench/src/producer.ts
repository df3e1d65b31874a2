import type { Sink } from "@singlesink/core"
import { createEvents, type Event, type EventSize } from "./events.ts"

/** Creates more events than a request or the queue holds. A stream repeats them, which limits the memory. */
export function createStreamEvents(size: EventSize): Event[] {
  return createEvents(size, 12_000)
}

/** Writes `count` events as a producer does. A failed write ends the process, because its rejection is not handled. */
export async function stream(sink: Sink, events: readonly Event[], count: number): Promise<void> {
  let next = 0
  for (let written = 0; written < count; written++) {
    await sink.ready()
    void sink.write(events[next] as Event)
    next = next + 1 === events.length ? 0 : next + 1
  }
  await sink.flush()
  const { pending } = sink.stats()
  if (pending > 0) throw new Error(`${pending} events have no outcome after flush().`)
}
