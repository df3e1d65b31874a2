import { Destination, type SegmentEvent } from "@segment/actions-core"
import { toOriginalBody, toPayload } from "@singlesink/conformance/segment-original"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { presets } from "./fields.ts"
import { createDestination } from "./index.ts"

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

/** Sends a batch as Segment does, to a table without a key, like that of Segment's own destination. */
async function send(events: readonly object[], tableName: string): Promise<unknown[]> {
  const [preset] = presets
  const subscription = { ...preset, mapping: { ...preset?.mapping, max_batch_size: 1_000 } }
  const { host, port } = emulator
  const settings = { host, port, username: "root", password: "", dbName: "events", tableName }
  const hosted = new Destination(createDestination({ protocol: "http", deduplicate: false }))
  return hosted.onBatch(events as SegmentEvent[], { ...settings, subscription } as never)
}

/** Sends the statement of Segment's own destination. */
async function sendOriginal(events: readonly Record<string, unknown>[], table: string): Promise<void> {
  const response = await fetch(`${emulator.url}/api/v2/exec`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("root:")}`, "content-type": "application/json" },
    body: toOriginalBody(events.map(toPayload), "events", table),
  })
  expect(await response.json()).toMatchObject({ rowsAffected: events.length })
}

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 })
const json = fc.dictionary(
  text.filter(key => key !== "__proto__"),
  fc.oneof(text, fc.integer(), fc.boolean(), fc.array(fc.integer(), { minLength: 1, maxLength: 3 })),
  { minKeys: 1, maxKeys: 5 },
)

/** Events that Segment's own destination stores unchanged: the time ends in Z, and traits are not in the context. */
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

test("A thousand events store the same rows as with Segment's own destination", async () => {
  const api = createDataApi({ url: emulator.url, username: "root", password: "", database: "events" })
  let [events, tables] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 20, maxLength: 60 }), async batch => {
      const [ours, original] = [`ours${++tables}`, `original${tables}`]
      for (const table of [ours, original]) await api.exec(createTableSql({ table, deduplicate: false }))
      await send(batch, ours)
      await sendOriginal(batch, original)
      const rowsOf = (table: string) => emulator.query(`SELECT * FROM ${table} ORDER BY messageId`)
      const rows = await rowsOf(ours)
      expect(rows).toHaveLength(batch.length)
      expect(rows).toEqual(await rowsOf(original))
      events += batch.length
    }),
    { numRuns: 40 },
  )
  expect(events).toBeGreaterThanOrEqual(1_000)
})
