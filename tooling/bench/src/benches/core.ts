import type { Bench } from "../bench.ts"
import { createDeliverWorkloads } from "../core/deliver.ts"
import { endurance } from "../core/endurance.ts"
import { fullness } from "../core/fullness.ts"
import { createStreamWorkloads } from "../core/stream.ts"

/** From an event to the request's bytes, and no further: no network and no database. */
export const core: Bench = {
  name: "core",
  title: "@singlesink/core: CPU time per event",
  *workloads(settings) {
    yield* createDeliverWorkloads()
    yield* createStreamWorkloads(settings)
  },
  probes: [fullness, endurance],
}
