import { setImmediate } from "node:timers/promises"
import { createCloningFetch } from "@singlesink/conformance/bare-context"
import type { JitsuContext } from "@singlesink/jitsu"
import type { Fact, Probe } from "../bench.ts"
import { startServerProcess } from "../data-api/process.ts"
import { createEvents, type Event } from "../events.ts"
import { workThrough } from "../in-flight.ts"
import { median } from "../measure.ts"
import { readBundle } from "./bundle.ts"
import { openNetwork } from "./network.ts"
import { openSandbox } from "./sandbox.ts"

const delayMs = 20
const inFlight = 10
const eventCount = 1_000
const mostRequests = 250
const mostOfLone = 2.2

/** What rotor's way of calling, one event a call and ten at a time, makes of requests and of each call's time. */
export const gathering: Probe = {
  name: "gathering",
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

    async function take(events: readonly Event[], inFlight: number): Promise<Load> {
      clear()
      const before = network.requests
      const latencies = await takeLatencies(events, inFlight, call, () => wall() / 1_000)
      return { p50: median(latencies), requests: network.requests - before, events: events.length }
    }

    // The connections are open and the code is compiled when it ends.
    await take(events, inFlight)
    const samples: Sample[] = []
    for (let round = 0; round < Math.min(rounds, 5); round++) {
      samples.push({ lone: await take(events.slice(0, 50), 1), load: await take(events, inFlight) })
    }
    await Promise.all([network.close(), server.close()])
    return toFacts(samples)
  },
}

/** Milliseconds that each call took. */
export async function takeLatencies(
  events: readonly Event[],
  inFlight: number,
  call: (event: Event) => Promise<unknown>,
  now: () => number,
): Promise<number[]> {
  const latencies: number[] = []
  await workThrough(events, inFlight, async event => {
    // A host hands each event over in a turn of its own; calls of one turn would share a request and hardly wait.
    await setImmediate()
    const start = now()
    await call(event)
    latencies.push(now() - start)
  })
  return latencies
}

/** What some calls took: their median in milliseconds, and how many requests they made. */
interface Load {
  readonly p50: number
  readonly requests: number
  readonly events: number
}

/** One round: a call at a time, whose request is its own, and then as rotor calls. */
export interface Sample {
  readonly lone: Load
  readonly load: Load
}

export function toFacts(samples: readonly Sample[]): Fact[] {
  const requests = median(samples.map(({ load }) => (load.requests * 1_000) / load.events))
  const ratio = median(samples.map(({ lone, load }) => load.p50 / lone.p50))
  const [alone, loaded] = [
    median(samples.map(each => each.lone.p50)),
    median(samples.map(each => each.load.p50)),
  ]
  const name = `call, 0.8 KB, ${inFlight} in flight, an answer takes ${delayMs} ms`
  return [
    {
      name: `${name}: requests for 1,000 events`,
      value: requests.toFixed(0),
      target: { text: `at most ${mostRequests}, 4 × fewer than one each`, met: requests <= mostRequests },
    },
    {
      name: `${name}: p50 of a call, of that of a lone one`,
      value: `${loaded.toFixed(1)} ms of ${alone.toFixed(1)} ms, ${ratio.toFixed(2)} ×`,
      target: { text: `at most ${mostOfLone} ×`, met: ratio <= mostOfLone },
    },
  ]
}
