import type { Bench } from "../bench.ts"
import { startServerProcess } from "../data-api/process.ts"
import { openStage } from "../data-api/stage.ts"
import { createCallWorkloads } from "../segment/calls.ts"

/** The whole path of Segment's framework, from a batch of events to an answer for each, over real HTTP. */
export const segment: Bench = {
  name: "segment",
  title: "@singlesink/segment: CPU time per event, through actions-core over HTTP",
  legend: { floor: "actions-core alone", peer: "Segment's own destination", ours: "ours" },
  async *workloads() {
    const server = await startServerProcess()
    const stage = openStage(server.url)
    try {
      yield* createCallWorkloads(server.url, stage)
    } finally {
      await stage.close()
      await server.close()
    }
  },
  probes: [],
  notes: `\
- Each side is a destination in the real \`Destination\` of \`@segment/actions-core\`, called by \`onBatch\` with the default
  trigger and the default mapping, but \`max_batch_size\` 1,000. A run hands over 1,000 events, one batch after the other.
- **floor**: the framework alone, with the original's 13 fields: it filters the events, maps the fields, checks them
  against the form and calls a function that does nothing. No request.
- **peer**: the same 13 fields, and then what Segment's own destination does: one request for the batch, whatever its
  size, whose body the framework's client makes of an object, and the status alone is read. All events share an answer.
- **ours**: the destination as it is built, with all of its fields: every value is checked, times are in UTC, no
  request is over a megabyte, and each event has an answer of its own.
- The peer's fields are ours by type and mapping, so the framework does the same for both, but for the fields that only
  ours has. Without this the peer would choose other traits where an event has two, and the sides would write different
  values.
- 1,000 events of 2 KB are more than a request holds: ours are two. The peer sends one that is too long, which only a
  server that discards takes.
- The server is a process of its own, on the same machine: it reads the body, forgets it and answers. No TLS: the
  original knows HTTPS only, and here both are given HTTP.
- Times are microseconds of CPU of this process for one event, all threads and the kernel's share counted. Bytes are
  those of the requests' bodies for one event.`,
}
