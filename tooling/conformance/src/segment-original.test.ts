import { expect, test } from "vitest"
import { toArgs, toOriginalBody, toPayload } from "./segment-original.ts"

const track = toPayload({
  messageId: "m1",
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
  event: "Signed Up",
  properties: { plan: "pro", at: "2026-11-22T06:13:12.535Z" },
  userId: "u1",
  context: { ip: "203.0.113.1", traits: { email: "u1@example.com" } },
  sentAt: "2026-11-22T06:13:13.000Z",
})
const group = toPayload({
  messageId: "m2",
  timestamp: "2026-01-31T00:00:00Z",
  type: "group",
  groupId: "g1",
  traits: { size: 3 },
  context: {},
})

test("The original destination sends one statement with eleven placeholders per row, and the arguments row by row", () => {
  expect(toOriginalBody([track, group], "events", "a`b")).toBe(
    JSON.stringify({
      sql: "INSERT INTO `a``b` (messageId, timestamp, type, event, name, properties, userId, anonymousId, groupId, traits, context) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      database: "events",
      args: [...toArgs(track), ...toArgs(group)],
    }),
  )
})

test("The arguments of the original contain plain objects, null for absent values, and the timestamp without T and Z", () => {
  expect(toArgs(track)).toEqual([
    "m1",
    "2026-11-22 06:13:12.535",
    "track",
    "Signed Up",
    null,
    { plan: "pro", at: "2026-11-22T06:13:12.535Z" },
    "u1",
    null,
    null,
    { email: "u1@example.com" },
    { ip: "203.0.113.1", traits: { email: "u1@example.com" } },
  ])
})

test("The traits of the event take precedence over the traits of its context", () => {
  expect(toArgs(group).slice(-3)).toEqual(["g1", { size: 3 }, {}])
})
