import { Destination, type SegmentEvent } from "@segment/actions-core"
import { presets } from "../fields.ts"
import { createDestination, type DestinationOptions, type Settings } from "../index.ts"

export interface EventResponse {
  status: number
  errormessage?: string
  body?: unknown
}

export interface SendOptions extends DestinationOptions {
  /** Fields that the mapping changes. */
  mapping?: object
  /** What else Segment passes with the call. */
  data?: object
}

/** Sends a batch as Segment does, with the mapping of the preset. Resolves to one response for each event. */
export async function sendBatch(
  settings: Settings,
  events: readonly object[],
  { mapping, data, ...options }: SendOptions = {},
): Promise<EventResponse[]> {
  const hosted = new Destination(createDestination({ protocol: "http", ...options }))
  const batch = { events: events as SegmentEvent[], mapping: toMapping(mapping), settings, ...data }
  return (await hosted.executeBatch("send", batch as never)) as unknown as EventResponse[]
}

type Execute = (action: string, single: object) => Promise<unknown>

/** Sends one event as Segment does. @throws the error of the event */
export async function sendEvent(
  settings: Settings,
  event: object,
  { mapping, data, ...options }: SendOptions = {},
): Promise<void> {
  const hosted = new Destination(createDestination({ protocol: "http", ...options }))
  const single = { event: event as SegmentEvent, mapping: toMapping(mapping), settings, ...data }
  // Hosts call it, but its type is protected.
  await (hosted as unknown as { executeAction: Execute }).executeAction("send", single)
}

function toMapping(change: object | undefined): object {
  return { ...presets[0]?.mapping, ...change }
}
