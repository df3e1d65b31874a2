import type { Sink } from "@singlesink/core"
import { createEvents, type Event, type EventSize } from "./events.ts"

/** More than a request or the queue holds; a stream sends them over and over, so as not to measure the memory. */
export function createStreamEvents(size: EventSize): Event[] {
  return createEvents(size, 12_000)
}

/** The loop of a producer. A write that is not stored would end the process: nobody handles its rejection. */
export async function stream(sink: Sink, events: readonly Event[], count: number): Promise<void> {
  let next = 0
  for (let written = 0; written < count; written++) {
    await sink.ready()
    void sink.write(events[next] as Event)
    next = next + 1 === events.length ? 0 : next + 1
  }
  await sink.flush()
  const { pending } = sink.stats()
  if (pending > 0) throw new Error(`After flush() ${pending} events still have no outcome.`)
}
