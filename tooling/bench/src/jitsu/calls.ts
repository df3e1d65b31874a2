import type { Workload } from "../bench.ts"
import { checkSameValues } from "../core/check.ts"
import { answer } from "../data-api/discard.ts"
import { createEvents, type Event, type EventSize } from "../events.ts"
import { openSandbox } from "./sandbox.ts"

const atOnce = 100
const eventsPerRun = 1_000

/** Where a function would send to, as the connection's environment says it. */
const props = { url: "https://bench.invalid", username: "bench", password: "bench", database: "events" }

/** The function's call for each event, against JSON.stringify of it, both inside one bare context. */
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
    atOnce,
  )
  // Counted once and beforehand: nobody shall pay for it.
  const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0)
  const floorBytes = events.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)), 0)
  const ctx = createHost(props, answer)
  return {
    name: `call, ${size}, ${atOnce} at once`,
    events: events.length,
    target: { side: "floor", most: 4 },
    async check() {
      checkSameValues(bodies, events)
    },
    sides: {
      floor() {
        stringify(inside)
        return floorBytes
      },
      async ours() {
        await callInBursts(send, ctx, inside, atOnce)
        return bytes
      },
    },
  }
}
