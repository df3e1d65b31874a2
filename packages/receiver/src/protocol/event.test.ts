import fc from "fast-check"
import { expect, test } from "vitest"
import { completeEvent, completeForwarded, toArrival } from "./event.ts"

const receivedAt = new Date("2026-11-22T06:00:10.000Z")
const arrival = toArrival("203.0.113.7", receivedAt.getTime())
type Given = Record<string, unknown>

function complete(event: Given, envelope = {}): Given {
  completeEvent(event, envelope, arrival)
  return event
}

test("An event gets the type of its path, an id, receivedAt, the address of its caller and a timestamp", () => {
  expect(complete({ event: "Signed Up", type: "page" }, { type: "track" })).toEqual({
    event: "Signed Up",
    type: "track",
    messageId: expect.stringMatching(/^[\da-f-]{36}$/),
    context: { ip: "203.0.113.7" },
    receivedAt: "2026-11-22T06:00:10.000Z",
    timestamp: "2026-11-22T06:00:10.000Z",
    sentAt: undefined,
  })
})

test("An id, an address and a context that the event has are kept", () => {
  const { messageId, context } = complete({ messageId: "m1", context: { ip: "198.51.100.1", page: {} } })
  expect([messageId, context]).toEqual(["m1", { ip: "198.51.100.1", page: {} }])
  expect(complete({ context: "text" }).context).toBe("text")
})

test("The context of a batch is under that of its events", () => {
  const shared = { library: { name: "batch" }, locale: "de" }
  const { context } = complete({ context: { locale: "en" } }, { context: shared })
  expect(context).toEqual({ library: { name: "batch" }, locale: "en", ip: "203.0.113.7" })
  expect(shared).toEqual({ library: { name: "batch" }, locale: "de" })
})

test("The time of a client whose clock is wrong is corrected by sentAt", () => {
  // The client is an hour late, and sent the event 5 seconds after it happened.
  const { timestamp, originalTimestamp } = complete(
    { timestamp: "2026-11-22T05:00:00.000Z" },
    { sentAt: "2026-11-22T05:00:05.000Z" },
  )
  expect([timestamp, originalTimestamp]).toEqual(["2026-11-22T06:00:05.000Z", "2026-11-22T05:00:00.000Z"])
  const { timestamp: second } = complete({
    originalTimestamp: "2026-11-22T05:00:00+00:00",
    sentAt: "2026-11-22T05:00:05Z",
  })
  expect(second).toBe("2026-11-22T06:00:05.000Z")
})

test("A timestamp that another server has corrected, or that is not certain, is kept", () => {
  const corrected = { timestamp: "2026-11-22T05:00:00Z", originalTimestamp: "2026-11-22T04:00:00Z" }
  expect(complete({ ...corrected, sentAt: "2026-11-22T04:00:05Z" })).toMatchObject(corrected)
  for (const timestamp of ["2026-11-22T05:00:00", "yesterday", 1_795_000_000_000, {}]) {
    expect(complete({ timestamp, sentAt: "2026-11-22T05:00:05Z" }).timestamp).toBe(timestamp)
  }
  expect(complete({ timestamp: "2026-11-22T05:00:00Z" }).timestamp).toBe("2026-11-22T05:00:00Z")
})

test("The corrected timestamp is as long before receivedAt as the original was before sentAt", () => {
  const time = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
  fc.assert(
    fc.property(time, fc.integer({ min: 0, max: 1e9 }), (original, delayMs) => {
      const sentAt = new Date(original.getTime() + delayMs).toISOString()
      const { timestamp } = complete({ timestamp: original.toISOString(), sentAt })
      expect(receivedAt.getTime() - Date.parse(timestamp as string)).toBe(delayMs)
    }),
  )
})

test("An event of a webhook keeps its times and id, and gets those that are missing", () => {
  const event: Given = { timestamp: "2026-11-22T05:00:00Z", sentAt: "2020-01-01T00:00:00Z" }
  completeForwarded(event, arrival)
  expect(event).toEqual({
    timestamp: "2026-11-22T05:00:00Z",
    sentAt: "2020-01-01T00:00:00Z",
    receivedAt: receivedAt.toISOString(),
  })
  const bare: Given = {}
  completeForwarded(bare, arrival)
  expect(bare.timestamp).toBe(receivedAt.toISOString())
})
