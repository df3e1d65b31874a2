import type { Fact, Probe } from "../bench.ts"
import { startServerProcess } from "../data-api/process.ts"
import { type CallResult, callTrack } from "./calls.ts"
import { type Kind, startSubject } from "./process.ts"

const [callers, latencyMs] = [200, 20]
const [minRatio, maxLatencies] = [15, 4]

/** The calls of concurrent callers share inserts. Compared with one insert for each call over the same connections. */
export const grouping: Probe = {
  name: "grouping",
  async run({ divideStreamsBy }) {
    const seconds = Math.max(2, 20 / divideStreamsBy)
    // One side after the other, because two would share the cores.
    const alone = await measure("insert_per_call", seconds)
    const ours = await measure("receiver", seconds)
    return toFacts(ours, alone)
  },
}

async function measure(kind: Kind, seconds: number): Promise<CallResult> {
  const database = await startServerProcess(latencyMs)
  const subject = await startSubject(kind, database.url)
  try {
    await callTrack(subject.url, callers, 1)
    return await callTrack(subject.url, callers, seconds)
  } finally {
    await subject.close()
    await database.close()
  }
}

function toFacts(ours: CallResult, alone: CallResult): Fact[] {
  const ratio = ours.callsPerSecond / alone.callsPerSecond
  const name = `receiver: ${callers} callers, a database that answers after ${latencyMs} ms`
  return [
    {
      name: `${name}: events per second, compared with one insert per call over 4 connections`,
      value: `${ratio.toFixed(1)} × (${ours.callsPerSecond.toFixed(0)} and ${alone.callsPerSecond.toFixed(0)} per second)`,
      target: { text: `at least ${minRatio} ×`, met: ratio >= minRatio },
    },
    {
      name: `${name}: 99th percentile of a call`,
      value: `${ours.p99Ms.toFixed(0)} ms`,
      target: {
        text: `at most ${maxLatencies * latencyMs} ms`,
        met: ours.p99Ms <= maxLatencies * latencyMs,
      },
    },
  ]
}
