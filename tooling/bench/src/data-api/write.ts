import { createSink, type Sink } from "@singlesink/core"
import type { Settings, Workload } from "../bench.ts"
import { workThrough } from "../in-flight.ts"
import { createStreamEvents, stream } from "../producer.ts"
import { createReadingTransport } from "../transport.ts"
import { checkArrival } from "./arrival.ts"
import { inFlight, type Stage } from "./stage.ts"

/** write() through everything, against its two parts alone: core with nothing to send, and undici with bodies ready. */
export async function* createWriteWorkloads(
  { divideStreamsBy }: Settings,
  stage: Stage,
): AsyncIterable<Workload> {
  for (const size of ["0.8 KB", "2 KB"] as const) {
    const count = 20_000 / divideStreamsBy
    const events = createStreamEvents(size)
    const sinkAtOnce = createSinkAlone("at once")
    // V8 makes the best code of core for such a port while it has seen no other, and the floor shall be the least.
    await stream(sinkAtOnce, events, 5 * count)
    const bodies = await stage.record(events, count)
    const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0)
    const sink = stage.createSink()

    async function write(): Promise<number> {
      const { bytes: before } = sink.stats()
      await stream(sink, events, count)
      return sink.stats().bytes - before
    }
    async function post(): Promise<number> {
      await workThrough(bodies, inFlight, stage.postBare)
      return bytes
    }
    const createWorkload = (answer: "at once" | "later", sinkAlone: Sink) => ({
      name: `write, ${size}, port ${answer}`,
      events: count,
      rounds: 21,
      async check() {
        const [ours, floor] = [await checkArrival(write, stage), await checkArrival(post, stage)]
        // How the rows fall into requests is a matter of timing, and each request has a head of its own.
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
    yield { ...createWorkload("at once", sinkAtOnce), target: { side: "floor", most: 1.25 } }
    yield createWorkload("later", createSinkAlone("later"))
  }
}

function createSinkAlone(answer: "at once" | "later"): Sink {
  return createSink({ transport: createReadingTransport(answer), table: "segment_data" })
}
