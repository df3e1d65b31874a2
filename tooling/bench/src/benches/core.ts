import type { Bench } from "../bench.ts"
import { createDeliverWorkloads } from "../core/deliver.ts"
import { endurance } from "../core/endurance.ts"
import { fullness } from "../core/fullness.ts"
import { createStreamWorkloads } from "../core/stream.ts"

/** From an event to the request's bytes, and no further: no network and no database. */
export const core: Bench = {
  name: "core",
  title: "@singlesink/core: CPU time per event",
  legend: { floor: "JSON.stringify alone", peer: "Segment's own destination", ours: "core" },
  *workloads(settings) {
    yield* createDeliverWorkloads()
    yield* createStreamWorkloads(settings)
  },
  probes: [fullness, endurance],
  notes: `\
- **floor**: \`JSON.stringify\` of the same arguments and nothing else, the least that any body of a request can cost.
- **peer**: what Segment's own destination does with a batch: a placeholder for each value, the arguments with the time
  edited as text, \`JSON.stringify\` of the whole body. It checks nothing and knows no sizes. Its framework's mapping of
  fields, which costs more than all of this, is not measured.
- **ours**: \`deliver()\` or \`write()\` of \`@singlesink/core\` from the event to its outcome: every value is checked, times
  are in UTC, the size is exact, batches are cut, promises are paid. Nothing is sent.
- All sides end with the UTF-8 bytes of the body, since a string that nobody read is not finished. The floor and the
  peer count them at the end; core has counted them while encoding, and its port reads the body once more, which makes
  it one piece of memory.
- Times are microseconds of CPU for one event, all threads of the process counted. Bytes are those of the request's body
  for one event.
- A port that answers at once leaves a producer nothing to gather: its requests hold a few rows each. It is here to show
  what the promises cost; how full requests get, the port that answers later shows.
- What was tried to make it cheaper, and what each try gave, is in
  [decision 5](../decisions/0005-rows-are-encoded-in-runs.md).`,
}
