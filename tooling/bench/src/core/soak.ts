import { createSink } from "@singlesink/core"
import type { Probe } from "../bench.ts"
import { median } from "../measure.ts"
import { createStreamEvents, stream } from "../producer.ts"
import { createReadingTransport } from "../transport.ts"

/** A leak of one pointer per event would be eight times as large. */
const heapNoiseBytes = 1_000_000

/** Checks that a long stream costs no more per event than a short one, and that the heap does not grow. */
export const soak: Probe = {
  name: "soak",
  async run({ rounds, divideStreamsBy }, { cpu, clear, clearAll }) {
    const events = createStreamEvents("0.8 KB")
    const api = createReadingTransport("immediate")
    const sink = createSink({ transport: api, table: "segment_data" })
    const [short, half] = [10_000, 500_000 / divideStreamsBy]

    /** CPU microseconds per event, without the garbage collection. */
    async function measureCost(count: number): Promise<number> {
      api.reset()
      clear()
      const start = cpu()
      await stream(sink, events, count)
      return (cpu() - start) / count
    }

    function measureHeapBytes(): number {
      api.reset()
      clearAll()
      return process.memoryUsage().heapUsed
    }

    await measureCost(short * 10)
    const shortCosts: number[] = []
    for (let round = 0; round < rounds; round++) shortCosts.push(await measureCost(short))
    const shortCost = median(shortCosts)

    const heapBytes = [measureHeapBytes()]
    const halfCosts: number[] = []
    for (let part = 0; part < 2; part++) {
      halfCosts.push(await measureCost(half))
      heapBytes.push(measureHeapBytes())
    }
    const longCost = halfCosts.reduce((sum, cost) => sum + cost, 0) / halfCosts.length

    const [atStart = 0, , atEnd = 0] = heapBytes
    return [
      {
        name: `write, 0.8 KB: cost per event in a stream of ${toDigits(half * 2)}, compared with ${toDigits(short)}`,
        value: `${longCost.toFixed(2)} µs and ${shortCost.toFixed(2)} µs, ${(longCost / shortCost).toFixed(2)} ×`,
        target: { text: "at most 1.15 ×", met: longCost <= 1.15 * shortCost },
      },
      {
        name: `write, 0.8 KB: heap at the start, after ${toDigits(half)} and after ${toDigits(half * 2)} events`,
        value: `${heapBytes.map(bytes => (bytes / 1e6).toFixed(1)).join(", ")} MB`,
        target: { text: "growth of at most 1 MB", met: atEnd - atStart <= heapNoiseBytes },
      },
    ]
  },
}

function toDigits(count: number): string {
  return count.toLocaleString("en")
}
