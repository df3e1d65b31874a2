import { createSink } from "@singlesink/core"
import type { Fact, Probe } from "../bench.ts"
import { createStreamEvents, stream } from "../producer.ts"
import { createReadingTransport, type ReadingTransport } from "../transport.ts"

const limits = { maxBytes: 1_000_000, maxInFlight: 4 }

/** Measures how full the requests of a stream are, and how many it needs. */
export const fillRate: Probe = {
  name: "fill-rate",
  async run() {
    const facts: Fact[] = []
    for (const size of ["0.8 KB", "2 KB"] as const) {
      const events = createStreamEvents(size)
      for (const answer of ["later", "immediate"] as const) {
        const api = createReadingTransport(answer)
        const sink = createSink({ transport: api, table: "segment_data", limits })
        await stream(sink, events, 100_000)
        facts.push(...toFacts(`write, ${size}, answer ${answer}`, api, answer === "later"))
      }
    }
    return facts
  },
}

/** @param runsAhead whether the producer queues more than one request. Only then can requests be full. */
function toFacts(name: string, { sizes }: ReadingTransport, runsAhead: boolean): Fact[] {
  // The first requests leave as soon as they have a row, and the last has only the remaining rows.
  const counted = sizes.slice(limits.maxInFlight, -1)
  const bytes = counted.reduce((sum, size) => sum + size, 0)
  const share = bytes / limits.maxBytes / counted.length
  const minimum = Math.ceil(bytes / limits.maxBytes)
  return [
    {
      name: `${name}: share of maxBytes, without the first ${limits.maxInFlight} requests and the last`,
      value: `${(share * 100).toFixed(1)} %`,
      ...(runsAhead ? { target: { text: "at least 97 %", met: share >= 0.97 } } : {}),
    },
    {
      name: `${name}: number of these requests (minimum ${minimum})`,
      value: String(counted.length),
      ...(runsAhead
        ? { target: { text: "at most 1.03 × the minimum", met: counted.length <= 1.03 * minimum } }
        : {}),
    },
  ]
}
