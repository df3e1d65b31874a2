import type { Workload } from "../bench.ts"
import { checkSameValues } from "../core/check.ts"
import { answer } from "../data-api/discard.ts"
import { createEvents, type Event, type EventSize } from "../events.ts"
import { openSandbox } from "./sandbox.ts"

const concurrency = 100
const eventsPerRun = 1_000

/** The settings of the connection. */
const props = { url: "https://bench.invalid", username: "bench", password: "bench", database: "events" }

/** One call of the function per event, compared with JSON.stringify of the event, both in the same bare context. */
export async function* createCallWorkloads(bundle: string): AsyncIterable<Workload> {
  for (const size of ["0.8 KB", "2 KB"] as const) {
    yield await createCallWorkload(bundle, size, createEvents(size, eventsPerRun))
  }
}

export async function createCallWorkload(
  bundle: string,
  size: EventSize,
  events: readonly Event[],
): Promise<Workload> {
  const { send, parse, stringify, createHost, callInBursts } = await openSandbox(bundle)
  const json = JSON.stringify(events)
  const inside = parse(json)
  const bodies: string[] = []
  await callInBursts(
    send,
    createHost(props, answer, body => bodies.push(body)),
    inside,
    concurrency,
  )
  // Counted before the measurement, so that no side pays for it.
  const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0)
  const floorBytes = events.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)), 0)
  const ctx = createHost(props, answer)
  return {
    name: `call, ${size}, ${concurrency} concurrent`,
    events: events.length,
    target: { side: "floor", maxRatio: 4 },
    published: {
      workload: `Jitsu function, ${concurrency} calls at once`,
      size,
      side: "floor",
      comparedWith: "`JSON.stringify` of each event",
    },
    async check() {
      checkSameValues(bodies, events)
    },
    sides: {
      floor() {
        stringify(inside)
        return floorBytes
      },
      async ours() {
        await callInBursts(send, ctx, inside, concurrency)
        return bytes
      },
    },
  }
}
