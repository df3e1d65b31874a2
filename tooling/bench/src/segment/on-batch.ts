import type { DestinationDefinition } from "@segment/actions-core"
import { createDestination, type Settings } from "@singlesink/segment"
import { toBatches } from "../batches.ts"
import type { Run, Workload } from "../bench.ts"
import { checkSameValues } from "../core/check.ts"
import { checkArrival } from "../data-api/arrival.ts"
import type { Clients } from "../data-api/clients.ts"
import { createEvents, type Event } from "../events.ts"
import { createSendBatch, type SendBatch, toSettings } from "./framework.ts"
import { createNoop, createOriginal } from "./original.ts"
import { record } from "./recording.ts"

const eventsPerRun = 1_000

/** The limit of a request, slightly below the limit of a real server. */
const maxBytes = 1_000_000

/** onBatch() from the events to an answer for each, over HTTP, for each size of event and batch. */
export async function* createOnBatchWorkloads(url: string, clients: Counter): AsyncIterable<Workload> {
  for (const size of ["0.8 KB", "2 KB"] as const) {
    const events = createEvents(size, eventsPerRun)
    for (const [rows, maxRatio] of [[100, 1.05] as const, [1_000, 1.1] as const]) {
      const workload = await createOnBatchWorkload(events, rows, url, clients)
      yield {
        ...workload,
        name: `onBatch, ${size} × ${rows}`,
        target: { side: "original", maxRatio },
        published: {
          workload: `Segment action, ${rows.toLocaleString("en")} events per batch, over HTTP`,
          size,
          side: "original",
          comparedWith: "Segment's own",
        },
      }
    }
  }
}

type Counter = Pick<Clients, "countReceived">

/** @param url the server that `clients` asks for its counts */
export async function createOnBatchWorkload(
  events: readonly Event[],
  rows: number,
  url: string,
  clients: Counter,
): Promise<Pick<Workload, "events" | "sides" | "check">> {
  const batches = toBatches(events, rows)
  const createRun = (definition: Definition, bodies: readonly string[]) =>
    toRun(createSendBatch(definition, toSettings(url)), batches, countBytes(bodies))
  const [original, ours] = [createOriginal(), createDestination({ protocol: "http" })]
  const bodies = { original: await recordBodies(original, batches), ours: await recordBodies(ours, batches) }
  const sides = {
    floor: createRun(createNoop(), []),
    original: createRun(original, bodies.original),
    ours: createRun(ours, bodies.ours),
  }
  return {
    events: events.length,
    sides,
    async check() {
      checkSameValues(bodies.original, events)
      checkSameValues(bodies.ours, events)
      checkSizes(bodies.ours)
      for (const run of [sides.original, sides.ours]) await checkArrival(run, clients)
    },
  }
}

type Definition = DestinationDefinition<Settings>

/** Returns the bodies that a destination sends for these batches. */
function recordBodies(definition: Definition, batches: readonly Event[][]): Promise<string[]> {
  return record(url => Promise.resolve(toRun(createSendBatch(definition, toSettings(url)), batches, 0)()))
}

/** @param bytes counted before the measurement, so that no side pays for it */
export function toRun(send: SendBatch, batches: readonly Event[][], bytes: number): Run {
  return async () => {
    for (const batch of batches) {
      const answers = await send(batch)
      if (answers.length !== batch.length || answers.some(({ status }) => status !== 200))
        throw new Error("The destination did not store every event.")
    }
    return bytes
  }
}

function checkSizes(bodies: readonly string[]): void {
  if (bodies.some(body => Buffer.byteLength(body) > maxBytes))
    throw new Error("One of our requests is larger than the limit.")
}

function countBytes(bodies: readonly string[]): number {
  return bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0)
}
