import type { Bench } from "../bench.ts"
import { readBundle } from "../jitsu/bundle.ts"
import { createCallWorkloads } from "../jitsu/calls.ts"
import { coalescing } from "../jitsu/coalescing.ts"
import { start } from "../jitsu/start.ts"

/**
 * The built function, dist/bundle.js, in a context that has only ECMAScript, as in Jitsu. A context is not an isolate:
 * the cost of passing events and requests between isolates is not measured.
 */
export const jitsu: Bench = {
  name: "jitsu",
  title: "@singlesink/jitsu: CPU time per event, in a bare context",
  sides: { floor: "JSON.stringify of each event", ours: "one call of the function per event" },
  workloads: () => createCallWorkloads(readBundle()),
  probes: [start, coalescing],
}
