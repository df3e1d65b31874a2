import { createSink } from "@singlesink/core"
import type { Fact, Probe } from "../bench.ts"
import { createStreamEvents, stream } from "../producer.ts"
import { createReadingTransport, type ReadingTransport } from "../transport.ts"

const limits = { maxBytes: 1_000_000, maxInFlight: 4 }

/** How full the requests of a stream are, and how many it takes. */
export const fullness: Probe = {
  name: "fullness",
  async run() {
    const facts: Fact[] = []
    for (const size of ["0.8 KB", "2 KB"] as const) {
      const events = createStreamEvents(size)
      for (const answer of ["later", "at once"] as const) {
        const api = createReadingTransport(answer)
        const sink = createSink({ transport: api, table: "segment_data", limits })
        await stream(sink, events, 100_000)
        facts.push(...toFacts(`write, ${size}, answers ${answer}`, api, answer === "later"))
      }
    }
    return facts
  },
}

/** `runsAhead`: the producer keeps more than a request queued, and only then can requests be full. */
function toFacts(name: string, { sizes }: ReadingTransport, runsAhead: boolean): Fact[] {
  // The first left while a slot was free, so nothing was queued; what is left at the end fills no request.
  const counted = sizes.slice(limits.maxInFlight, -1)
  const bytes = counted.reduce((sum, size) => sum + size, 0)
  const share = bytes / limits.maxBytes / counted.length
  const least = Math.ceil(bytes / limits.maxBytes)
  return [
    {
      name: `${name}: share of maxBytes, requests but the first ${limits.maxInFlight} and the last`,
      value: `${(share * 100).toFixed(1)} %`,
      ...(runsAhead ? { target: { text: "at least 97 %", met: share >= 0.97 } } : {}),
    },
    {
      name: `${name}: these requests, of ${least} at least`,
      value: String(counted.length),
      ...(runsAhead
        ? { target: { text: "at most 1.03 × the least", met: counted.length <= 1.03 * least } }
        : {}),
    },
  ]
}
