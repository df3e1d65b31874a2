import type { Probe } from "../bench.ts"
import { startServerProcess } from "../data-api/process.ts"
import { callBatch, callTrack } from "./calls.ts"
import { startSubject } from "./process.ts"

const [events, rowsPerCall, parts, maxGrowth] = [5_000_000, 50, 20, 1.1]

/** The resident size over millions of events, in batches and alone. */
export const memory: Probe = {
  name: "memory",
  async run({ divideStreamsBy }) {
    const calls = events / rowsPerCall / parts / divideStreamsBy
    const database = await startServerProcess()
    const subject = await startSubject("receiver", database.url)
    const sizes: number[] = []
    try {
      for (let part = 0; part < parts; part++) {
        await callBatch(subject.url, rowsPerCall, calls)
        await callTrack(subject.url, 100, 1)
        sizes.push((await subject.usage()).residentBytes)
      }
    } finally {
      await subject.close()
      await database.close()
    }
    // The first parts fill the heap.
    const half = parts / 2
    const [first, second] = [sizes.slice(2, half), sizes.slice(half)].map(part => Math.max(...part)) as [
      number,
      number,
    ]
    const growth = second / first
    const count = (events / divideStreamsBy).toLocaleString("en")
    return [
      {
        name: `receiver: resident size of the second half of ${count} events, divided by that of the first`,
        value: `${growth.toFixed(2)} (${(second / 1e6).toFixed(0)} MB)`,
        target: { text: `at most ${maxGrowth}`, met: growth <= maxGrowth },
      },
    ]
  },
}
