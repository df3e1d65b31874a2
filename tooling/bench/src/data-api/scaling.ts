import { undiciFetch } from "@singlesink/data-api/undici"
import type { Fact, Probe } from "../bench.ts"
import { median } from "../measure.ts"
import { createStreamEvents, stream } from "../producer.ts"
import { startServerProcess } from "./process.ts"
import { createSinkOver } from "./stage.ts"

const delayMs = 20
const lanes = [1, 2, 4, 8]
/** Few enough that the CPU time of eight requests is a small part of the delay, where there are two processors. */
const maxRows = 25

/** Whether so many requests at once store so many times what one at a time does. */
export const scaling: Probe = {
  name: "scaling",
  async run({ rounds, divideStreamsBy }, { wall, clear }) {
    const events = createStreamEvents("0.8 KB")
    const server = await startServerProcess(delayMs)
    const fetch = undiciFetch()
    const requestsPerLane = Math.ceil(40 / divideStreamsBy)

    /** Events in a second. */
    async function takeThroughput(maxInFlight: number): Promise<number> {
      // The next request of each is ready, and no more: else much of the work would be done before the first is sent.
      const maxQueuedRows = 2 * maxInFlight * maxRows
      const sink = createSinkOver(server.url, fetch, { maxRows, maxInFlight, maxQueuedRows })
      const count = requestsPerLane * maxInFlight * maxRows
      clear()
      const start = wall()
      await stream(sink, events, count)
      return count / ((wall() - start) / 1e6)
    }

    // The connections are open and the code is compiled when it ends.
    await takeThroughput(Math.max(...lanes))
    const samples = lanes.map((): number[] => [])
    for (let round = 0; round < Math.min(rounds, 7); round++) {
      for (const [index, lane] of lanes.entries()) samples[index]?.push(await takeThroughput(lane))
    }
    await Promise.all([fetch.close(), server.close()])
    return toFacts(samples)
  },
}

function toFacts(samples: readonly (readonly number[])[]): Fact[] {
  const [alone = []] = samples
  return lanes.map((lane, index) => {
    const perSecond = median(samples[index] ?? [])
    const share = median(
      (samples[index] ?? []).map((each, round) => each / lane / (alone[round] ?? Number.NaN)),
    )
    const value = `${Math.round(perSecond).toLocaleString("en")} events/s`
    const name = `write, 0.8 KB, an answer takes ${delayMs} ms: ${lane} in flight`
    if (lane === 1) return { name, value }
    return {
      name: `${name}, and by ${lane} × what 1 stores`,
      value: `${value}, ${share.toFixed(2)} ×`,
      target: { text: "at least 0.9 ×", met: share >= 0.9 },
    }
  })
}
