import type { Bench } from "../bench.ts"
import { openClients } from "../data-api/clients.ts"
import { startServerProcess } from "../data-api/process.ts"
import { scaling } from "../data-api/scaling.ts"
import { createThroughputWorkloads } from "../data-api/throughput.ts"
import { createWriteWorkloads } from "../data-api/write.ts"

/**
 * The path over real HTTP, without TLS, to a server that discards every body. The server is a separate process, so its
 * CPU time does not count.
 */
export const dataApi: Bench = {
  name: "data-api",
  title: "@singlesink/data-api: time per request of 1 MB (post) or per event (write), over HTTP",
  sides: {
    floor: "bare undici (post), or write without sending plus bare undici (write)",
    ours: "undiciFetch (post), or createSink over createDataApi over undiciFetch (write)",
  },
  async *workloads(settings) {
    const server = await startServerProcess()
    const clients = openClients(server.url)
    try {
      yield* createWriteWorkloads(settings, clients)
      yield* createThroughputWorkloads(clients)
    } finally {
      await clients.close()
      await server.close()
    }
  },
  probes: [scaling],
}
