import type { DestinationDefinition } from "@segment/actions-core"
import { createDestination, type Settings } from "@singlesink/segment"
import { toBatches } from "../batches.ts"
import type { Run, Workload } from "../bench.ts"
import { checkSameValues } from "../core/check.ts"
import { checkArrival } from "../data-api/arrival.ts"
import type { Stage } from "../data-api/stage.ts"
import { createEvents, type Event } from "../events.ts"
import { host, type SendBatch, toSettings } from "./framework.ts"
import { createNoDestination, createOriginal } from "./original.ts"
import { record } from "./recording.ts"

const eventsPerRun = 1_000

/** What a real server takes is a little more; beyond it a request is refused. */
const mostBytes = 1_000_000

/** onBatch() from the events to an answer for each, over HTTP, for each size of event and batch. */
export async function* createCallWorkloads(url: string, stage: Counting): AsyncIterable<Workload> {
  for (const size of ["0.8 KB", "2 KB"] as const) {
    const events = createEvents(size, eventsPerRun)
    for (const [rows, most] of [[100, 1.05] as const, [1_000, 1.1] as const]) {
      const workload = await createCallWorkload(events, rows, url, stage)
      yield { ...workload, name: `onBatch, ${size} × ${rows}`, target: { side: "peer", most } }
    }
  }
}

type Counting = Pick<Stage, "countReceived">

/** @param url of a server that takes every request, and that `stage` counts for */
export async function createCallWorkload(
  events: readonly Event[],
  rows: number,
  url: string,
  stage: Counting,
): Promise<Pick<Workload, "events" | "sides" | "check">> {
  const batches = toBatches(events, rows)
  const createRun = (definition: Definition, bodies: readonly string[]) =>
    toRun(host(definition, toSettings(url)), batches, countBytes(bodies))
  const [original, ours] = [createOriginal(), createDestination({ protocol: "http" })]
  const bodies = { peer: await rehearse(original, batches), ours: await rehearse(ours, batches) }
  const sides = {
    floor: createRun(createNoDestination(), []),
    peer: createRun(original, bodies.peer),
    ours: createRun(ours, bodies.ours),
  }
  return {
    events: events.length,
    sides,
    async check() {
      checkSameValues(bodies.peer, events)
      checkSameValues(bodies.ours, events)
      checkSizes(bodies.ours)
      for (const run of [sides.peer, sides.ours]) await checkArrival(run, stage)
    },
  }
}

type Definition = DestinationDefinition<Settings>

/** The bodies that a destination sends of these batches. */
function rehearse(definition: Definition, batches: readonly Event[][]): Promise<string[]> {
  return record(url => Promise.resolve(toRun(host(definition, toSettings(url)), batches, 0)()))
}

/** @param bytes counted beforehand: nobody shall pay for it */
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
  if (bodies.some(body => Buffer.byteLength(body) > mostBytes))
    throw new Error("A request of ours is longer than a server takes.")
}

function countBytes(bodies: readonly string[]): number {
  return bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0)
}
