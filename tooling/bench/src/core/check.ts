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

/** Checks that the bodies have the rows of the original. Requests at the same time may arrive in any order. */
export function checkSameValues(bodies: readonly string[], events: readonly Event[]): void {
  const original = events.map(event => toArgs(toPayload(event)))
  const columns = original[0]?.length ?? 1
  const ours = bodies.flatMap(body => {
    const { args } = JSON.parse(body) as { args: unknown[] }
    const values = args.map(cutMicroseconds)
    return Array.from({ length: values.length / columns }, (_, row) =>
      values.slice(row * columns, (row + 1) * columns),
    )
  })
  if (toSortedText(ours) !== toSortedText(original)) {
    throw new Error("The sink does not send the values of the original.")
  }
}

function toSortedText(rows: readonly unknown[][]): string {
  return rows
    .map(row => JSON.stringify(row))
    .sort()
    .join("\n")
}

/** Our timestamps have six digits of a second, those of the original have three. */
function cutMicroseconds(value: unknown): unknown {
  return typeof value === "string"
    ? value.replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})000$/, "$1")
    : value
}
