import type { Workload } from "../bench.ts"
import { runConcurrently } from "../concurrency.ts"
import { createStreamEvents } from "../producer.ts"
import { checkArrival } from "./arrival.ts"
import { type Clients, inFlight } from "./clients.ts"
import type { Post } from "./post.ts"

const bodyCount = 16
const minBytes = 990_000

/** The wall time and the CPU time of full requests. */
export async function* createThroughputWorkloads(clients: Clients): AsyncIterable<Workload> {
  // Some events more, because the first requests leave before they are full.
  const recorded = await clients.record(createStreamEvents("0.8 KB"), (bodyCount + 2) * 1_600)
  const bodies = recorded.filter(body => Buffer.byteLength(body) >= minBytes).slice(0, bodyCount)
  if (bodies.length < bodyCount) throw new Error("The sink sent too few full requests.")
  // V8 collects the garbage of a few dozen requests at once, so a run has enough requests to include its own share.
  const posted = Array.from({ length: 16 }, () => bodies).flat()
  const bytes = posted.reduce((sum, body) => sum + Buffer.byteLength(body), 0)
  const createRun = (post: Post) => async () => {
    await runConcurrently(posted, inFlight, post)
    return bytes
  }
  const sides = { floor: createRun(clients.postBare), ours: createRun(clients.postOurs) }
  const workload = {
    events: posted.length,
    rounds: 15,
    sides,
    async check() {
      await checkArrival(sides.floor, clients)
      await checkArrival(sides.ours, clients)
    },
  }
  // At least 95 % of the throughput of bare undici.
  yield {
    ...workload,
    name: "post 1 MB, wall time",
    clock: "wall",
    target: { side: "floor", maxRatio: 1 / 0.95 },
  }
  yield { ...workload, name: "post 1 MB, CPU time" }
}
