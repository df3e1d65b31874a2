import { toArgs, toPayload } from "@singlesink/conformance/segment-original"
import { createSink, type InsertRequest } from "@singlesink/core"
import type { Event } from "../events.ts"

/**
 * Once, outside of the measured time: every event is stored, each request is as long as it says, and what is in them is
 * what the peer sends, the time's text aside. A side that did less would win unfairly.
 */
export async function checkSameWork(events: readonly Event[]): Promise<void> {
  const requests: InsertRequest[] = []
  const send = async (request: InsertRequest) => {
    requests.push(request)
    return { status: "inserted", rowsAffected: request.rows } as const
  }
  const sink = createSink({ transport: { database: "events", send }, table: "segment_data" })
  const outcomes = await sink.writeBatch(events)
  if (outcomes.some(outcome => outcome.status !== "stored"))
    throw new Error("The sink did not store every event.")
  for (const { body, bytes } of requests) {
    if (Buffer.byteLength(body) !== bytes) throw new Error("A request is not as long as it says.")
  }
  checkSameValues(
    requests.map(({ body }) => body),
    events,
  )
}

/** What is in the bodies is what the peer sends of the events, in the same order, the time's text aside. */
export function checkSameValues(bodies: readonly string[], events: readonly Event[]): void {
  const ours = bodies.flatMap(body => (JSON.parse(body) as { args: unknown[] }).args)
  const theirs = events.flatMap(event => toArgs(toPayload(event)))
  if (JSON.stringify(ours.map(cutMicroseconds)) !== JSON.stringify(theirs)) {
    throw new Error("The sink does not send the values that the peer sends.")
  }
}

/** A time of ours has six digits of a second's fraction, the peer's the three it came with. */
function cutMicroseconds(value: unknown): unknown {
  return typeof value === "string"
    ? value.replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})000$/, "$1")
    : value
}
