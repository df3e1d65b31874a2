import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Destination, type SegmentEvent } from "@segment/actions-core"
import { toPayload, toPeerBody } from "@singlesink/conformance/segment-original"
import fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { presets } from "./fields.ts"
import { createDestination } from "./index.ts"

const bodies: string[] = []
let answer: [status: number, text: string] = [200, '{"lastInsertId":0,"rowsAffected":1000}']
const server = createServer(async (request, response) => {
  let body = ""
  for await (const chunk of request.setEncoding("utf8")) body += chunk
  bodies.push(body)
  response.writeHead(answer[0]).end(answer[1])
})
beforeAll(() => new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve)))
afterAll(() => void server.close())

/** What Segment does with a batch, in the layout of its own destination. */
async function send(events: readonly object[], tableName = "segment_data"): Promise<unknown[]> {
  const [preset] = presets
  const subscription = { ...preset, mapping: { ...preset?.mapping, max_batch_size: 1_000 } }
  const { port } = server.address() as AddressInfo
  const settings = { host: "127.0.0.1", port, username: "u", password: "p", dbName: "events", tableName }
  const hosted = new Destination(createDestination({ protocol: "http", deduplicate: false }))
  return hosted.onBatch(events as SegmentEvent[], { ...settings, subscription } as never)
}

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 })
const json = fc.dictionary(
  text.filter(key => key !== "__proto__"),
  fc.oneof(text, fc.integer(), fc.boolean(), fc.array(fc.integer(), { minLength: 1, maxLength: 3 })),
  { minKeys: 1, maxKeys: 5 },
)

/** Events that Segment's own destination stores as they are: a time that ends in Z, and one place for the traits. */
const event = fc.record(
  {
    messageId: fc.uuid(),
    timestamp: fc
      .date({
        min: new Date("1000-01-01T00:00:00Z"),
        max: new Date("9999-12-31T23:59:59Z"),
        noInvalidDate: true,
      })
      .map(date => date.toISOString()),
    type: fc.constantFrom("track", "page", "screen", "identify", "group", "alias"),
    event: text,
    context: json.map(({ traits: _, ...context }) => ({ ip: "203.0.113.1", ...context })),
    name: text,
    properties: json,
    userId: text,
    anonymousId: text,
    groupId: text,
    traits: json,
  },
  { requiredKeys: ["messageId", "timestamp", "type", "event", "context"] },
)

test("a thousand events make the statement and the arguments that Segment's own destination makes", async () => {
  let events = 0
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 20, maxLength: 60 }), text, async (batch, table) => {
      bodies.length = 0
      await send(batch, table)
      expect(bodies.map(body => JSON.parse(body))).toEqual([
        JSON.parse(toPeerBody(batch.map(toPayload), "events", table)),
      ])
      events += batch.length
    }),
    { numRuns: 40 },
  )
  expect(events).toBeGreaterThanOrEqual(1_000)
})

test("a failure begins with the words of Segment's own destination", async () => {
  const before = answer
  answer = [400, "Error 1146 (42S02): Table 'events.t' doesn't exist"]
  try {
    const event = { messageId: "m1", timestamp: "2026-11-22T06:13:12.535Z", type: "page" }
    await expect(send([event])).rejects.toThrow(/^Failed to insert data: .*Table 'events.t' doesn't exist/)
  } finally {
    answer = before
  }
})
