import type { Bench } from "../bench.ts"
import { contract } from "../core/contract.ts"
import { fillRate } from "../core/fill-rate.ts"
import { soak } from "../core/soak.ts"
import { createStreamWorkloads } from "../core/stream.ts"
import { createWriteBatchWorkloads } from "../core/write-batch.ts"

/**
 * The path from an event to the body of its request, without a network or a database.
 *
 * Every side ends with the UTF-8 bytes of the body: V8 may build a string lazily, so a string that is never read is not
 * finished. The mapping of Segment's framework, which costs more than all of this, is not measured.
 */
export const core: Bench = {
  name: "core",
  title: "@singlesink/core: CPU time per event",
  sides: {
    floor: "JSON.stringify of the arguments",
    original: "statement, arguments and body of Segment's own destination",
    ours: "writeBatch or write, with a transport that sends nothing",
  },
  *workloads(settings) {
    yield* createWriteBatchWorkloads()
    yield* createStreamWorkloads(settings)
  },
  probes: [contract, fillRate, soak],
}
