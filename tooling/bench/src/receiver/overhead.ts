import type { Probe } from "../bench.ts"
import { startServerProcess } from "../data-api/process.ts"
import { callTrack } from "./calls.ts"
import { type Kind, type Subject, startSubject } from "./process.ts"

const [callers, maxRatio] = [200, 2]

/** CPU time per call, compared with a bare Fastify route that parses the same JSON. The database answers at once. */
export const overhead: Probe = {
  name: "overhead",
  async run({ divideStreamsBy }) {
    const seconds = Math.max(1, 4 / divideStreamsBy)
    const rounds = divideStreamsBy > 1 ? 1 : 7
    const database = await startServerProcess()
    const subjects = new Map<Kind, Subject>()
    for (const kind of ["bare", "receiver"] as const)
      subjects.set(kind, await startSubject(kind, database.url))
    const ratios: number[] = []
    let microseconds = 0
    try {
      for (const subject of subjects.values()) await callTrack(subject.url, callers, 1)
      for (let round = 0; round < rounds; round++) {
        const [bare, ours] = [
          await measure(subjects, "bare", seconds),
          await measure(subjects, "receiver", seconds),
        ]
        ratios.push(ours / bare)
        microseconds = ours * 1e6
      }
    } finally {
      for (const subject of subjects.values()) await subject.close()
      await database.close()
    }
    const ratio = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] as number
    return [
      {
        name: "receiver: CPU time of a call with one event, compared with a bare Fastify route that parses it",
        value: `${ratio.toFixed(2)} × (${microseconds.toFixed(0)} µs)`,
        target: { text: `at most ${maxRatio} ×`, met: ratio <= maxRatio },
      },
    ]
  },
}

/** Returns the CPU seconds of one call. */
async function measure(subjects: ReadonlyMap<Kind, Subject>, kind: Kind, seconds: number): Promise<number> {
  const subject = subjects.get(kind) as Subject
  const before = await subject.usage()
  const { calls } = await callTrack(subject.url, callers, seconds)
  const after = await subject.usage()
  return (after.cpuSeconds - before.cpuSeconds) / calls
}
