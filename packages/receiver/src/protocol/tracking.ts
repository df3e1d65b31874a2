import type { Event } from "@singlesink/core"
import { z } from "zod"
import { RequestError } from "../http/request-error.ts"
import { type Arrival, completeEvent, isObject } from "./event.ts"

/** The types of events, with the short names that browsers call. */
export const eventTypes = {
  track: "t",
  page: "p",
  screen: "s",
  identify: "i",
  group: "g",
  alias: "a",
} as const

/** Reads the body of a call with one event: `/v1/track` and its like. */
export function readEvent(body: unknown, type: string | undefined, arrival: Arrival): Event[] {
  if (!isObject(body))
    throw new RequestError(400, "invalid_body", "The body must be a JSON object: the event.")
  completeEvent(body, { type }, arrival)
  return [body]
}

const batchSchema = z.object(
  {
    batch: z.array(z.unknown(), "`batch` must be an array of events").min(1, "`batch` must not be empty"),
    sentAt: z.string("`sentAt` must be a string").nullish(),
    context: z.record(z.string(), z.unknown(), "`context` must be an object").nullish(),
  },
  "The body must be a JSON object with the array `batch`",
)

/** Reads the body of a batch: its events, completed by what they share. What is not an event is left for the sink to reject. */
export function readBatch(body: unknown, arrival: Arrival): Event[] {
  const result = batchSchema.safeParse(body)
  if (!result.success) {
    const mistakes = result.error.issues.map(({ message }) => message).join("; ")
    throw new RequestError(400, "invalid_body", `${mistakes}.`)
  }
  const { batch, sentAt, context } = result.data
  for (const event of batch) if (isObject(event)) completeEvent(event, { sentAt, context }, arrival)
  return batch as Event[]
}
