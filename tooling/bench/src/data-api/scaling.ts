import { undiciFetch } from "@singlesink/data-api/undici"
import type { Fact, Probe } from "../bench.ts"
import { median } from "../measure.ts"
import { createStreamEvents, stream } from "../producer.ts"
import { createSinkOver } from "./clients.ts"
import { startServerProcess } from "./process.ts"

const delayMs = 20
const concurrencies = [1, 2, 4, 8]
/** So few that the CPU time of eight requests is a small part of the delay, even with two CPUs. */
const maxRows = 25

/** Checks that n concurrent requests store n times as many events per second as one. */
export const scaling: Probe = {
  name: "scaling",
  async run({ rounds, divideStreamsBy }, { wall, clear }) {
    const events = createStreamEvents("0.8 KB")
    const server = await startServerProcess(delayMs)
    const fetch = undiciFetch()
    const requestsPerSlot = Math.ceil(40 / divideStreamsBy)

    /** Events per second. */
    async function measureThroughput(maxInFlight: number): Promise<number> {
      // The queue holds one more request per slot. With more, much of the work would be done before the first request.
      const maxQueuedRows = 2 * maxInFlight * maxRows
      const sink = createSinkOver(server.url, fetch, { maxRows, maxInFlight, maxQueuedRows })
      const count = requestsPerSlot * maxInFlight * maxRows
      clear()
      const start = wall()
      await stream(sink, events, count)
      return count / ((wall() - start) / 1e6)
    }

    // The warm-up opens the connections and compiles the code.
    await measureThroughput(Math.max(...concurrencies))
    const samples = concurrencies.map((): number[] => [])
    for (let round = 0; round < Math.min(rounds, 7); round++) {
      for (const [index, inFlight] of concurrencies.entries())
        samples[index]?.push(await measureThroughput(inFlight))
    }
    await Promise.all([fetch.close(), server.close()])
    return toFacts(samples)
  },
}

function toFacts(samples: readonly (readonly number[])[]): Fact[] {
  const [single = []] = samples
  return concurrencies.map((inFlight, index) => {
    const perSecond = median(samples[index] ?? [])
    const share = median(
      (samples[index] ?? []).map((each, round) => each / inFlight / (single[round] ?? Number.NaN)),
    )
    const value = `${Math.round(perSecond).toLocaleString("en")} events/s`
    const name = `write, 0.8 KB, answers after ${delayMs} ms: ${inFlight} in flight`
    if (inFlight === 1) return { name, value }
    return {
      name: `${name}, divided by ${inFlight} × 1 in flight`,
      value: `${value}, ${share.toFixed(2)} ×`,
      target: { text: "at least 0.9 ×", met: share >= 0.9 },
    }
  })
}
