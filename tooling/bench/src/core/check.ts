import { toArgs, toPayload } from "@singlesink/conformance/segment-original"
import { createSink, type InsertRequest } from "@singlesink/core"
import type { Event } from "../events.ts"

/**
 * Checks that the sink stores every event, that the size of each request is exact, and that it sends the values of the
 * original. A side that does less work would make the comparison unfair.
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
    if (Buffer.byteLength(body) !== bytes) throw new Error("The size of a request is wrong.")
  }
  checkSameValues(
    requests.map(({ body }) => body),
    events,
  )
}

/** Checks that the bodies have the values of the original, in the same order. */
export function checkSameValues(bodies: readonly string[], events: readonly Event[]): void {
  const ours = bodies.flatMap(body => (JSON.parse(body) as { args: unknown[] }).args)
  const original = events.flatMap(event => toArgs(toPayload(event)))
  if (JSON.stringify(ours.map(cutMicroseconds)) !== JSON.stringify(original)) {
    throw new Error("The sink does not send the values of the original.")
  }
}

/** Our timestamps have six digits of a second, those of the original have three. */
function cutMicroseconds(value: unknown): unknown {
  return typeof value === "string"
    ? value.replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})000$/, "$1")
    : value
}
