import { createHash } from "node:crypto"
import type { Event, Outcome } from "@singlesink/core"
import { maskValues } from "./mask.ts"
import type { LiveDetails, LiveEvent } from "./protocol.ts"

/** The latest events that the page can show. */
export interface Sample {
  /** Adds an event, unless there were too many in this tick. */
  add(event: Event, outcome: Outcome, table: string, milliseconds: number): void
  /** The events since the last call, and how many were skipped. */
  take(): { events: LiveEvent[]; skipped: number }
  /** Oldest first. */
  list(): readonly LiveEvent[]
  /** The whole event, and its error if it is not stored; undefined if it has left the sample. */
  find(id: number): LiveDetails | undefined
}

/** Per tick, so that no traffic slows the receiver or the page. Events that are not stored have their own share. */
const [maxStoredPerTick, maxOthersPerTick] = [15, 10]
const maxEvents = 500
const maxNameLength = 80

/** With the number of events this bounds the memory. */
const maxCharacters = 32_000

export function createSample(showValues: boolean): Sample {
  const kept: { entry: LiveEvent; event: Event | undefined; outcome: Outcome }[] = []
  let fresh: LiveEvent[] = []
  let [storedInTick, othersInTick, skipped, nextId] = [0, 0, 0, 1]

  function hasRoom(isStored: boolean): boolean {
    return isStored ? storedInTick++ < maxStoredPerTick : othersInTick++ < maxOthersPerTick
  }

  return {
    add(event, outcome, table, milliseconds) {
      if (!hasRoom(outcome.status === "stored")) {
        skipped++
        return
      }
      const entry: LiveEvent = {
        ...describeEvent(event, showValues),
        id: nextId++,
        at: Date.now(),
        table,
        outcome: outcome.status,
        milliseconds: Math.round(milliseconds * 10) / 10,
        code: outcome.status === "stored" ? undefined : outcome.error.code,
      }
      fresh.push(entry)
      kept.push({ entry, event: isLarge(event) ? undefined : event, outcome })
      if (kept.length > maxEvents) kept.shift()
    },
    take() {
      const taken = { events: fresh, skipped }
      fresh = []
      storedInTick = othersInTick = skipped = 0
      return taken
    },
    list: () => kept.map(({ entry }) => entry),
    find(id) {
      const found = kept.find(({ entry }) => entry.id === id)
      if (found === undefined) return undefined
      const event = showValues ? found.event : maskValues(found.event)
      if (found.outcome.status === "stored") return { event }
      const { column, message } = found.outcome.error
      return { event, error: { column, message } }
    },
  }
}

function describeEvent(event: unknown, showValues: boolean): Pick<LiveEvent, "type" | "name" | "user"> {
  const { type, event: name, name: pageName, userId, anonymousId } = Object(event) as Record<string, unknown>
  const user = toText(userId ?? anonymousId)
  return {
    type: toText(type),
    name: toText(name ?? pageName),
    user: showValues || user === "" ? user : createHash("sha256").update(user).digest("hex").slice(0, 6),
  }
}

function toText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).slice(0, maxNameLength) : ""
}

/** Whether an event has more text than the sample keeps. It stops counting there, so a huge event costs no more. */
function isLarge(event: unknown): boolean {
  let left = maxCharacters
  const waiting = [event]
  while (left >= 0 && waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === "string") left -= value.length
    else if (typeof value === "object" && value !== null) {
      for (const key in value) {
        // A member costs about as much as its key and the punctuation.
        left -= key.length + 4
        if (left < 0) return true
        waiting.push((value as Record<string, unknown>)[key])
      }
    }
  }
  return left < 0
}
