import { setImmediate } from "node:timers/promises"
import { createCloningFetch } from "@singlesink/conformance/bare-context"
import type { JitsuContext } from "@singlesink/jitsu"
import type { Fact, Probe } from "../bench.ts"
import { runConcurrently } from "../concurrency.ts"
import { startServerProcess } from "../data-api/process.ts"
import { createEvents, type Event } from "../events.ts"
import { median } from "../measure.ts"
import { readBundle } from "./bundle.ts"
import { openNetwork } from "./network.ts"
import { openSandbox } from "./sandbox.ts"

const delayMs = 20
const inFlight = 10
const eventCount = 1_000
const maxRequests = 250
const maxRatio = 2.2

/**
 * Measures how many requests and how much latency result from Jitsu's way of calling: one event per call, ten calls at a
 * time. An event that arrives during a request waits for that request and then for its own, twice the time of the server.
 */
export const coalescing: Probe = {
  name: "coalescing",
  async run({ rounds, divideStreamsBy }, { wall, clear }) {
    const server = await startServerProcess(delayMs)
    const network = openNetwork()
    const { send, parse } = await openSandbox(readBundle())
    const ctx = {
      props: { url: server.url, username: "bench", password: "bench", database: "events" },
      log: { error: console.error },
      fetch: createCloningFetch(network.fetch),
    } as unknown as JitsuContext
    const events = parse(JSON.stringify(createEvents("0.8 KB", eventCount / divideStreamsBy)))
    const call = (event: Event) => send(event, ctx)

    async function measure(events: readonly Event[], inFlight: number): Promise<Load> {
      clear()
      const before = network.requests
      const latencies = await measureLatencies(events, inFlight, call, () => wall() / 1_000)
      return { p50: median(latencies), requests: network.requests - before, events: events.length }
    }

    // The warm-up opens the connections and compiles the code.
    await measure(events, inFlight)
    const samples: Sample[] = []
    for (let round = 0; round < Math.min(rounds, 5); round++) {
      samples.push({ single: await measure(events.slice(0, 50), 1), load: await measure(events, inFlight) })
    }
    await Promise.all([network.close(), server.close()])
    return toFacts(samples)
  },
}

/** Measures the milliseconds of each call. */
export async function measureLatencies(
  events: readonly Event[],
  inFlight: number,
  call: (event: Event) => Promise<unknown>,
  now: () => number,
): Promise<number[]> {
  const latencies: number[] = []
  await runConcurrently(events, inFlight, async event => {
    // A host passes each event in a separate turn of the event loop. Calls in one turn would share a request.
    await setImmediate()
    const start = now()
    await call(event)
    latencies.push(now() - start)
  })
  return latencies
}

/** The median latency of some calls in milliseconds, and the number of their requests. */
interface Load {
  readonly p50: number
  readonly requests: number
  readonly events: number
}

/** One round: single calls, each with its own request, and then concurrent calls. */
export interface Sample {
  readonly single: Load
  readonly load: Load
}

export function toFacts(samples: readonly Sample[]): Fact[] {
  const requests = median(samples.map(({ load }) => (load.requests * 1_000) / load.events))
  const ratio = median(samples.map(({ single, load }) => load.p50 / single.p50))
  const [single, loaded] = [
    median(samples.map(each => each.single.p50)),
    median(samples.map(each => each.load.p50)),
  ]
  const name = `call, 0.8 KB, ${inFlight} in flight, answers after ${delayMs} ms`
  return [
    {
      name: `${name}: requests for 1,000 events`,
      value: requests.toFixed(0),
      target: { text: `at most ${maxRequests}, a quarter of the calls`, met: requests <= maxRequests },
    },
    {
      name: `${name}: p50 of a call, compared with a single call`,
      value: `${loaded.toFixed(1)} ms and ${single.toFixed(1)} ms, ${ratio.toFixed(2)} ×`,
      target: { text: `at most ${maxRatio} ×`, met: ratio <= maxRatio },
    },
  ]
}
