import type { Bench } from "../bench.ts"
import { openClients } from "../data-api/clients.ts"
import { startServerProcess } from "../data-api/process.ts"
import { createOnBatchWorkloads } from "../segment/on-batch.ts"

/**
 * The whole path of Segment's framework, from a batch of events to an answer for each event, over real HTTP to a server
 * that discards every body. There is no TLS: the original uses HTTPS, but both sides get HTTP here.
 *
 * Both sides have the same fields by type and mapping, so the framework does the same work, except for the fields that only
 * ours has. The original sends 1,000 events of 2 KB in one request, which is too large for a real server; ours sends two.
 */
export const segment: Bench = {
  name: "segment",
  title: "@singlesink/segment: CPU time per event, through actions-core over HTTP",
  sides: {
    floor: "actions-core with a destination that does nothing",
    original: "Segment's own destination",
    ours: "the built destination",
  },
  async *workloads() {
    const server = await startServerProcess()
    const clients = openClients(server.url)
    try {
      yield* createOnBatchWorkloads(server.url, clients)
    } finally {
      await clients.close()
      await server.close()
    }
  },
  probes: [],
}
