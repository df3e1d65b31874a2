import { createSink, type Sink } from "@singlesink/core"
import type { Settings, Workload } from "../bench.ts"
import { runConcurrently } from "../concurrency.ts"
import { createStreamEvents, stream } from "../producer.ts"
import { createReadingTransport } from "../transport.ts"
import { checkArrival } from "./arrival.ts"
import { type Clients, inFlight } from "./clients.ts"

/**
 * write() over HTTP, compared with the sum of its parts: write() with a transport that sends nothing, and bare undici with
 * the recorded bodies.
 *
 * With an immediate transport no row waits. With a later one, core sends full requests as over HTTP, and the rows live long
 * enough to survive a collection of young garbage. That cost belongs to core, and no client can avoid it.
 */
export async function* createWriteWorkloads(
  { divideStreamsBy }: Settings,
  clients: Clients,
): AsyncIterable<Workload> {
  for (const size of ["0.8 KB", "2 KB"] as const) {
    const count = 20_000 / divideStreamsBy
    const events = createStreamEvents(size)
    const immediateSink = createSinkAlone("immediate")
    // V8 optimizes core best for this transport before it has seen another, which makes the floor as low as possible.
    await stream(immediateSink, events, 5 * count)
    const bodies = await clients.record(events, count)
    const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0)
    const sink = clients.createSink()

    async function write(): Promise<number> {
      const { bytes: before } = sink.stats()
      await stream(sink, events, count)
      return sink.stats().bytes - before
    }
    async function post(): Promise<number> {
      await runConcurrently(bodies, inFlight, clients.postBare)
      return bytes
    }
    const createWorkload = (answer: "immediate" | "later", sinkAlone: Sink) => ({
      name: `write, ${size}, transport ${answer}`,
      events: count,
      rounds: 21,
      async check() {
        const [ours, floor] = [await checkArrival(write, clients), await checkArrival(post, clients)]
        // The number of requests depends on timing, and each has its own statement.
        if (Math.abs(ours / floor - 1) > 0.01) throw new Error("The sides do not send the same bytes.")
      },
      sides: {
        async floor() {
          await stream(sinkAlone, events, count)
          return post()
        },
        ours: write,
      },
    })
    yield {
      ...createWorkload("immediate", immediateSink),
      target: { side: "floor", maxRatio: 1.25 },
      published: {
        workload: "stream of `write`, over HTTP",
        size,
        side: "floor",
        comparedWith: "`write` without sending, plus bare undici",
      },
    }
    yield createWorkload("later", createSinkAlone("later"))
  }
}

function createSinkAlone(answer: "immediate" | "later"): Sink {
  return createSink({ transport: createReadingTransport(answer), table: "segment_data" })
}
