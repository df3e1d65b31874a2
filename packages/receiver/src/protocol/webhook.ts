import type { Event } from "@singlesink/core"
import { RequestError } from "../http/request-error.ts"
import { type Arrival, completeForwarded, isObject } from "./event.ts"

/** Reads the body of a webhook: an event, or an array of events. */
export function readWebhook(body: unknown, arrival: Arrival): Event[] {
  const events = Array.isArray(body) ? body : [body]
  if (!Array.isArray(body) && !isObject(body)) {
    throw new RequestError(400, "invalid_body", "The body must be an event, or an array of events.")
  }
  for (const event of events) if (isObject(event)) completeForwarded(event, arrival)
  return events as Event[]
}
