/** A row of the default columns, as a query returns it. */
export interface StoredRow {
  messageId: string
  timestamp: string
  type: string
  event: string | null
  name: string | null
  properties: unknown
  userId: string | null
  anonymousId: string | null
  groupId: string | null
  traits: unknown
  context: unknown
}

/**
 * The row that an event must become. It shares no code with the packages it checks, and supports only events whose
 * text members are strings and whose timestamp is ISO 8601 with at most milliseconds.
 */
export function toExpectedRow(event: Record<string, unknown>): StoredRow {
  const json = (value: unknown) => (value === undefined ? null : JSON.parse(JSON.stringify(value)))
  const text = (value: unknown) => (value === undefined || value === null ? null : String(value))
  const context = event.context as { traits?: unknown } | undefined
  return {
    messageId: String(event.messageId),
    timestamp: `${new Date(String(event.timestamp)).toISOString().replace("T", " ").replace("Z", "")}000`,
    type: String(event.type),
    event: text(event.event),
    name: text(event.name),
    properties: json(event.properties),
    userId: text(event.userId),
    anonymousId: text(event.anonymousId),
    groupId: text(event.groupId),
    traits: json(event.traits ?? context?.traits),
    context: json(event.context),
  }
}
