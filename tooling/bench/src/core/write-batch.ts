import { type Payload, toArgs, toOriginalBody, toPayload } from "@singlesink/conformance/segment-original"
import { createSink } from "@singlesink/core"
import { toBatches } from "../batches.ts"
import type { Target, Workload } from "../bench.ts"
import { createEvents, type Event, type EventSize } from "../events.ts"
import { createReadingTransport } from "../transport.ts"
import { checkSameWork } from "./check.ts"

const eventsPerRun = 1_000

/** writeBatch() from the events to the outcomes, for each size of event and batch. */
export function* createWriteBatchWorkloads(): Iterable<Workload> {
  for (const size of ["0.8 KB", "2 KB"] as const) {
    const events = createEvents(size, eventsPerRun)
    for (const rows of [1, 100, 1_000]) yield createWorkload(size, rows, events)
  }
}

function createWorkload(size: EventSize, rows: number, events: readonly Event[]): Workload {
  const batches = toBatches(events, rows)
  const payloads: Payload[][] = batches.map(batch => batch.map(toPayload))
  const args = payloads.map(batch => batch.flatMap(toArgs))
  const api = createReadingTransport("immediate")
  const sink = createSink({ transport: api, table: "segment_data" })
  // The sink sends these events in two requests. The original sends one, which a real server would refuse.
  const isSplit = size === "2 KB" && rows === 1_000
  return {
    name: `writeBatch, ${size} × ${rows}${isSplit ? " (split)" : ""}`,
    events: events.length,
    target: isSplit ? { side: "floor", maxRatio: 1.4 } : { side: "original", maxRatio: maxOfOriginal },
    published: {
      workload: `\`writeBatch\` of ${toCount(rows)}, nothing is sent`,
      size,
      side: "original",
      comparedWith: "Segment's own",
    },
    check: () => checkSameWork(events),
    sides: {
      floor() {
        let bytes = 0
        for (const values of args) bytes += Buffer.byteLength(JSON.stringify(values))
        return bytes
      },
      original() {
        let bytes = 0
        for (const batch of payloads)
          bytes += Buffer.byteLength(toOriginalBody(batch, "events", "segment_data"))
        return bytes
      },
      async ours() {
        api.reset()
        for (const batch of batches) await sink.writeBatch(batch)
        return api.bytes
      },
    },
  }
}

const toCount = (rows: number) => (rows === 1 ? "1 event" : `${rows.toLocaleString("en")} events`)

// From Node 21 V8 builds the arrays and strings of the original faster, so JSON.stringify dominates both sides.
const maxOfOriginal: Target["maxRatio"] = Number(process.versions.node.split(".")[0]) > 20 ? 1.1 : 1
