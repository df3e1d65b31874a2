import type { Workload } from "../bench.ts"
import { workThrough } from "../in-flight.ts"
import { createStreamEvents } from "../producer.ts"
import { checkArrival } from "./arrival.ts"
import type { Post } from "./post.ts"
import { inFlight, type Stage } from "./stage.ts"

const bodyCount = 16
const leastBytes = 990_000

/** How fast full requests go out, by the clock on the wall, and what CPU time each costs. */
export async function* createThroughputWorkloads(stage: Stage): AsyncIterable<Workload> {
  // A little more than fill them: the first few leave before they are full.
  const recorded = await stage.record(createStreamEvents("0.8 KB"), (bodyCount + 2) * 1_600)
  const bodies = recorded.filter(body => Buffer.byteLength(body) >= leastBytes).slice(0, bodyCount)
  if (bodies.length < bodyCount) throw new Error("The sink did not send as many full requests.")
  // V8 collects these megabytes every few dozen requests, so a run has enough of them to pay for its own.
  const posted = Array.from({ length: 16 }, () => bodies).flat()
  const bytes = posted.reduce((sum, body) => sum + Buffer.byteLength(body), 0)
  const createRun = (post: Post) => async () => {
    await workThrough(posted, inFlight, post)
    return bytes
  }
  const sides = { floor: createRun(stage.postBare), ours: createRun(stage.postOurs) }
  const workload = {
    events: posted.length,
    rounds: 15,
    sides,
    async check() {
      await checkArrival(sides.floor, stage)
      await checkArrival(sides.ours, stage)
    },
  }
  // 95 % of the throughput is 1 / 0.95 of the time.
  yield {
    ...workload,
    name: "post 1 MB, wall time",
    clock: "wall",
    target: { side: "floor", most: 1 / 0.95 },
  }
  yield { ...workload, name: "post 1 MB, CPU time" }
}
