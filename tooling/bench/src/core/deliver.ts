import { type Payload, toArgs, toPayload, toPeerBody } from "@singlesink/conformance/segment-original"
import { createSink } from "@singlesink/core"
import { toBatches } from "../batches.ts"
import type { Target, Workload } from "../bench.ts"
import { createEvents, type Event, type EventSize } from "../events.ts"
import { createReadingTransport } from "../transport.ts"
import { checkSameWork } from "./check.ts"

const eventsPerRun = 1_000

/** deliver() from the events to the outcomes, for each size of event and batch. */
export function* createDeliverWorkloads(): Iterable<Workload> {
  for (const size of ["0.8 KB", "2 KB"] as const) {
    const events = createEvents(size, eventsPerRun)
    for (const rows of [1, 100, 1_000]) yield createWorkload(size, rows, events)
  }
}

function createWorkload(size: EventSize, rows: number, events: readonly Event[]): Workload {
  const batches = toBatches(events, rows)
  const payloads: Payload[][] = batches.map(batch => batch.map(toPayload))
  const args = payloads.map(batch => batch.flatMap(toArgs))
  const api = createReadingTransport("at once")
  const sink = createSink({ transport: api, table: "segment_data" })
  // A megabyte of events goes in two requests, which the peer does not do: it would be refused.
  const isCut = size === "2 KB" && rows === 1_000
  return {
    name: `deliver, ${size} × ${rows}${isCut ? " (cut)" : ""}`,
    events: events.length,
    target: isCut ? { side: "floor", most: 1.4 } : { side: "peer", most: mostOfPeer },
    check: () => checkSameWork(events),
    sides: {
      floor() {
        let bytes = 0
        for (const values of args) bytes += Buffer.byteLength(JSON.stringify(values))
        return bytes
      },
      peer() {
        let bytes = 0
        for (const batch of payloads) bytes += Buffer.byteLength(toPeerBody(batch, "events", "segment_data"))
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

// From Node 21 on V8 makes the peer's arrays and texts faster, and JSON.stringify itself is what is left.
const mostOfPeer: Target["most"] = Number(process.versions.node.split(".")[0]) > 20 ? 1.1 : 1
