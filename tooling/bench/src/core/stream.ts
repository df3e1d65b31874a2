import { toArgs, toPayload } from "@singlesink/conformance/segment-original"
import { createSink } from "@singlesink/core"
import type { Settings, Workload } from "../bench.ts"
import type { Event, EventSize } from "../events.ts"
import { createStreamEvents, stream } from "../producer.ts"
import { createReadingTransport } from "../transport.ts"
import { checkSameWork } from "./check.ts"

const maxBytes = 1_000_000

const maxOfFloor: readonly (readonly [EventSize, number])[] = [
  ["0.8 KB", 3],
  ["2 KB", 2],
]

/** A stream of write(), including its promises, compared with JSON.stringify of the same arguments in full requests. */
export function* createStreamWorkloads({ divideStreamsBy }: Settings): Iterable<Workload> {
  for (const [size, maxRatio] of maxOfFloor) {
    const count = 100_000 / divideStreamsBy
    const events = createStreamEvents(size)
    const args = toFullRequests(events, count)
    const api = createReadingTransport("immediate")
    const sink = createSink({ transport: api, table: "segment_data", limits: { maxBytes } })
    yield {
      name: `write, ${size} × ${count.toLocaleString("en")}`,
      events: count,
      rounds: 11,
      target: { side: "floor", maxRatio },
      check: () => checkSameWork(events),
      sides: {
        floor() {
          let bytes = 0
          for (const values of args) bytes += Buffer.byteLength(JSON.stringify(values))
          return bytes
        },
        async ours() {
          api.reset()
          await stream(sink, events, count)
          return api.bytes
        },
      },
    }
  }
}

/** The arguments of `count` events, in parts of about one request. */
function toFullRequests(events: readonly Event[], count: number): unknown[][] {
  const rows = events.map(event => toArgs(toPayload(event)))
  const bytesPerRow = Buffer.byteLength(JSON.stringify(rows.flat())) / rows.length
  const rowsPerRequest = Math.floor(maxBytes / bytesPerRow)
  return Array.from({ length: Math.ceil(count / rowsPerRequest) }, (_, request) => {
    const first = request * rowsPerRequest
    const length = Math.min(rowsPerRequest, count - first)
    return Array.from({ length }, (_, row) => rows[(first + row) % rows.length] ?? []).flat()
  })
}
