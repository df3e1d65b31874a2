import { createSink } from "@singlesink/core"
import type { Probe } from "../bench.ts"
import { median } from "../measure.ts"
import { createStreamEvents, stream } from "../producer.ts"
import { createReadingTransport } from "../transport.ts"

/** A leak of one pointer an event would show as eight times this. */
const noiseOfHeapBytes = 1_000_000

/** Whether a long stream stays as cheap as a short one, and the heap as small. */
export const endurance: Probe = {
  name: "endurance",
  async run({ rounds, divideStreamsBy }, { cpu, clear, clearAll }) {
    const events = createStreamEvents("0.8 KB")
    const api = createReadingTransport("at once")
    const sink = createSink({ transport: api, table: "segment_data" })
    const [short, half] = [10_000, 500_000 / divideStreamsBy]

    /** CPU microseconds of one event, without the cleaning up before and after. */
    async function takeCost(count: number): Promise<number> {
      api.reset()
      clear()
      const start = cpu()
      await stream(sink, events, count)
      return (cpu() - start) / count
    }

    function takeHeapBytes(): number {
      api.reset()
      clearAll()
      return process.memoryUsage().heapUsed
    }

    await takeCost(short * 10)
    const shortCosts: number[] = []
    for (let round = 0; round < rounds; round++) shortCosts.push(await takeCost(short))
    const shortCost = median(shortCosts)

    const heapBytes = [takeHeapBytes()]
    const halfCosts: number[] = []
    for (let part = 0; part < 2; part++) {
      halfCosts.push(await takeCost(half))
      heapBytes.push(takeHeapBytes())
    }
    const longCost = halfCosts.reduce((sum, cost) => sum + cost, 0) / halfCosts.length

    const [atStart = 0, , atEnd = 0] = heapBytes
    return [
      {
        name: `write, 0.8 KB: cost of an event among ${inWords(half * 2)}, of that among ${inWords(short)}`,
        value: `${longCost.toFixed(2)} µs of ${shortCost.toFixed(2)} µs, ${(longCost / shortCost).toFixed(2)} ×`,
        target: { text: "at most 1.15 ×", met: longCost <= 1.15 * shortCost },
      },
      {
        name: `write, 0.8 KB: heap at the start, after ${inWords(half)} and after ${inWords(half * 2)} events`,
        value: `${heapBytes.map(bytes => (bytes / 1e6).toFixed(1)).join(", ")} MB`,
        target: { text: "does not grow (1 MB of noise)", met: atEnd - atStart <= noiseOfHeapBytes },
      },
    ]
  },
}

function inWords(count: number): string {
  return count.toLocaleString("en")
}
