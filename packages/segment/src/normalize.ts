import type { Payload } from "./payload.ts"
import { toTime } from "./timestamp.ts"

const times = ["timestamp", "receivedAt", "sentAt", "originalTimestamp"] as const

/**
 * A payload as the sink takes it, whether it comes alone or in a batch: an empty string is no value, as actions-core has it
 * for single events; empty traits give way to those of the context; and a time has a form that the sink knows.
 */
export function normalizePayload(payload: Payload): Payload {
  const changes: Record<string, unknown> = {}
  for (const key in payload) if (payload[key] === "") changes[key] = undefined
  for (const key of times) {
    const value = payload[key]
    if (value === undefined || value === "") continue
    const time = toTime(value)
    if (time !== value) changes[key] = time
  }
  if (isEmpty(payload.traits)) {
    const traits = (payload.context as { traits?: unknown } | undefined)?.traits
    if (isObject(traits)) changes.traits = traits
  }
  // Most payloads need no copy.
  for (const _ in changes) return { ...payload, ...changes }
  return payload
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
