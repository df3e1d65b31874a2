import type { LiveEvent } from "../../src/live/protocol.ts"

/** Which events the list shows. An empty string is every one. */
export interface Filters {
  /** Words that must all occur in the name, user, type, table or code. */
  readonly text: string
  readonly type: string
  readonly outcome: "" | "stored" | "rejected" | "failed"
}

export const noFilters: Filters = { text: "", type: "", outcome: "" }

const maxShown = 200

/** The latest events that match, newest first. */
export function filterEvents(events: readonly LiveEvent[], filters: Filters): LiveEvent[] {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean)
  const shown: LiveEvent[] = []
  for (let index = events.length - 1; index >= 0 && shown.length < maxShown; index--) {
    const event = events[index] as LiveEvent
    if (matches(event, filters, words)) shown.push(event)
  }
  return shown
}

function matches(event: LiveEvent, { type, outcome }: Filters, words: readonly string[]): boolean {
  if (type !== "" && event.type !== type) return false
  if (outcome !== "" && event.outcome !== outcome) return false
  if (words.length === 0) return true
  const { name, user, table, code = "" } = event
  const text = [event.type, name, user, table, code].join("\n").toLowerCase()
  return words.every(word => text.includes(word))
}
