import type { Bench } from "../bench.ts"
import { startServerProcess } from "../data-api/process.ts"
import { scaling } from "../data-api/scaling.ts"
import { inFlight, openStage } from "../data-api/stage.ts"
import { createThroughputWorkloads } from "../data-api/throughput.ts"
import { createWriteWorkloads } from "../data-api/write.ts"

/** Over real HTTP, to a server in another process that stores nothing. */
export const dataApi: Bench = {
  name: "data-api",
  title: "@singlesink/data-api: time over HTTP",
  legend: { floor: "bare undici; for writes core alone, too", ours: "through undiciFetch" },
  async *workloads(settings) {
    const server = await startServerProcess()
    const stage = openStage(server.url)
    try {
      yield* createWriteWorkloads(settings, stage)
      yield* createThroughputWorkloads(stage)
    } finally {
      await stage.close()
      await server.close()
    }
  },
  probes: [scaling],
  notes: `\
- The server is a process of its own, on the same machine. It reads the body, forgets it and answers; it parses nothing.
  No TLS.
- **floor**, post: \`request\` of undici with an Agent of as many connections, the same bodies, headers and time-outs,
  but without a signal that ends it; the answer is read by \`body.text()\`.
- **floor**, write: the sum of two parts, one run after the other: \`write()\` of \`@singlesink/core\` to a port that sends
  nothing (what that costs by itself is in core's table), and bare undici posting the very bodies that the sink had
  sent. A port that answers at once leaves no row waiting. To one that answers later core sends full requests, as over
  HTTP, and its rows outlive young garbage while they wait: what that costs is core's own, and no client can save it.
- **ours**, post: \`undiciFetch\`. **ours**, write: \`createSink\` over \`createDataApi\` over \`undiciFetch\`, with the
  default limits. Both have ${inFlight} requests under way, on ${inFlight} connections.
- Post is in microseconds for one request of a megabyte, ready beforehand; 95 % of the throughput is 1.05 × the wall time.
  Write is in microseconds of CPU for one event. CPU time is that of the client's process, all threads and the kernel's
  share counted. Bytes are those of a request, and of an event.
- The answers that take their time: each sink has the same 40 requests for each that it may have under way, of 25 rows, so
  that on two processors the CPU time of all of them is a small part of the delay. The rounds go through 1, 2, 4 and 8 in
  turn, and a factor is the median of the rounds' own.`,
}
