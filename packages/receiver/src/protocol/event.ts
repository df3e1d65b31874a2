import { randomUUID } from "node:crypto"

/** What the server knows about an event that the event does not say. */
export interface Arrival {
  /** In milliseconds since 1970. */
  readonly receivedAtMs: number
  /** The same in ISO 8601. */
  readonly receivedAt: string
  /** The address of the caller, if it is recorded. */
  readonly ip: string | undefined
}

let latest = { receivedAtMs: Number.NaN, receivedAt: "" }

/** The arrival of a call. Many calls arrive in one millisecond, and then the text is made once. */
export function toArrival(ip: string | undefined, nowMs: number = Date.now()): Arrival {
  if (latest.receivedAtMs !== nowMs) {
    latest = { receivedAtMs: nowMs, receivedAt: new Date(nowMs).toISOString() }
  }
  return { ...latest, ip }
}

/** What the members of a batch share. */
export interface Envelope {
  /** The type that the path names. It replaces that of the event. */
  readonly type?: string | undefined
  readonly context?: unknown
  readonly sentAt?: unknown
}

type Properties = Record<string, unknown>

/**
 * Completes an event of an SDK as the tracking protocol of Segment has the server do: `type` from the path, `messageId`,
 * `receivedAt`, `context.ip`, and `timestamp` by the clock of the server.
 */
export function completeEvent(event: Properties, envelope: Envelope, arrival: Arrival): void {
  if (envelope.type !== undefined) event.type = envelope.type
  if (isMissing(event.messageId)) event.messageId = randomUUID()
  if (isObject(envelope.context)) event.context = mergeContext(envelope.context, event.context)
  addIp(event, arrival.ip)
  event.receivedAt = arrival.receivedAt
  event.sentAt ??= envelope.sentAt
  correctTimestamp(event, arrival)
}

/** Completes an event of a webhook. Another server has received it before, and has corrected its timestamp. */
export function completeForwarded(event: Properties, { receivedAt }: Arrival): void {
  event.receivedAt ??= receivedAt
  if (isMissing(event.timestamp)) event.timestamp = event.originalTimestamp ?? event.receivedAt
}

/**
 * Corrects a timestamp of a client whose clock is wrong: timestamp = receivedAt − (sentAt − originalTimestamp). Nothing is
 * changed if both times are there, because then another server has corrected them.
 *
 * @see https://www.twilio.com/docs/segment/connections/spec/common#timestamps
 */
function correctTimestamp(event: Properties, { receivedAt, receivedAtMs }: Arrival): void {
  const { timestamp, originalTimestamp, sentAt } = event
  const isSet = !isMissing(timestamp)
  if (isSet && !isMissing(originalTimestamp)) return
  const original = isSet ? timestamp : originalTimestamp
  if (isMissing(original)) {
    event.timestamp = receivedAt
    return
  }
  const delayMs = parseTime(sentAt) - parseTime(original)
  const corrected = new Date(receivedAtMs - delayMs)
  if (Number.isNaN(corrected.getTime())) {
    // The sink rejects a timestamp that it cannot read.
    event.timestamp = original
    return
  }
  event.originalTimestamp = original
  event.timestamp = corrected.toISOString()
}

/** Only a time with an offset is certain. */
const exactTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

function parseTime(value: unknown): number {
  return typeof value === "string" && exactTime.test(value) ? Date.parse(value) : Number.NaN
}

function addIp(event: Properties, ip: string | undefined): void {
  if (ip === undefined) return
  const { context } = event
  if (isMissing(context)) event.context = { ip }
  else if (isObject(context) && isMissing(context.ip)) context.ip = ip
}

function mergeContext(shared: Properties, own: unknown): unknown {
  if (isMissing(own)) return { ...shared }
  return isObject(own) ? { ...shared, ...own } : own
}

const isMissing = (value: unknown) => value === undefined || value === null || value === ""

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
