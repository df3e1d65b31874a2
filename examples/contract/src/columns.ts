import { type Column, defaultColumns } from "@singlesink/core"

const kept = ["messageId", "timestamp", "type", "event", "userId", "properties"]

/** Some of the default columns, and more from paths of the event. */
export const columns: Column[] = [
  ...defaultColumns.filter(({ name }) => kept.includes(name)),
  { name: "plan", type: "TEXT", from: "properties.plan" },
  // A value that is not a number becomes NULL, and the event is still stored.
  { name: "revenue", type: "DOUBLE", from: "properties.revenue", onInvalid: "null" },
  { name: "country", type: "TEXT", from: "context.location.country" },
]
