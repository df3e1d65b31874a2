import { createTableSql } from "@singlesink/core"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Settings } from "./index.ts"
import { sendBatch, sendEvent } from "./testing/send.ts"

let emulator: Emulator
let settings: Settings
beforeAll(async () => {
  emulator = await startEmulator()
  settings = { host: emulator.host, port: emulator.port, username: "root", password: "", dbName: "events" }
})
afterAll(() => emulator.close())

const event = { messageId: "m1", timestamp: "2026-01-31T08:30:00Z", type: "identify" }
let tables = 0

/** The row of an event that is sent alone, and that of the same event in a batch. */
async function rowsOf(change: object, mapping: object = {}, added = ""): Promise<object[]> {
  const rows = []
  for (const isBatch of [false, true]) {
    const tableName = `t${++tables}`
    await emulator.exec(
      createTableSql({ table: tableName }).replace("`context` JSON", `\`context\` JSON${added}`),
    )
    const target = { ...settings, tableName }
    if (isBatch) await sendBatch(target, [{ ...event, ...change }], { mapping })
    else await sendEvent(target, { ...event, ...change }, { mapping })
    const [row] = await emulator.query<object>(`SELECT * FROM ${tableName}`)
    rows.push(row ?? {})
  }
  return rows
}

const texts = ["event", "name", "userId", "anonymousId", "groupId"]

test("An empty string is stored as NULL, whether an event comes alone or in a batch", async () => {
  const [single, batched] = await rowsOf(Object.fromEntries(texts.map(name => [name, ""])))
  expect(batched).toEqual(single)
  expect(batched).toMatchObject(Object.fromEntries(texts.map(name => [name, null])))
})

test.each([{ event: "" }, { event: null }, {}])(
  "A track event with the name in %j is stored with NULL, whether it comes alone or in a batch",
  async change => {
    for (const row of await rowsOf({ type: "track", ...change })) {
      expect(row).toMatchObject({ type: "track", event: null })
    }
  },
)

test.each(["messageId", "timestamp", "type"])(
  "An event with an empty %s is rejected with status 400, alone and in a batch",
  async name => {
    const [response] = await sendBatch(settings, [{ ...event, [name]: "" }])
    expect(response?.status).toBe(400)
    await expect(sendEvent(settings, { ...event, [name]: "" })).rejects.toThrow()
  },
)

test.each<[object, object]>([
  [{ traits: {}, context: { traits: { plan: "pro" } } }, { plan: "pro" }],
  [{ traits: { plan: "free" }, context: { traits: { plan: "pro" } } }, { plan: "free" }],
  [{ context: { traits: { plan: "pro" } } }, { plan: "pro" }],
  [{ traits: {}, context: { ip: "203.0.113.1" } }, {}],
  [{ traits: {} }, {}],
])("The traits of the event %j are stored as %j", async (change, traits) => {
  for (const row of await rowsOf(change)) expect(row).toMatchObject({ traits })
})

test.each([
  ["2026-01-31 08:30:00 +0000 UTC", "2026-01-31 08:30:00.000000"],
  ["2026-01-31 08:30:00.123456789 +0000 UTC", "2026-01-31 08:30:00.123456"],
  ["2026-01-31 10:30:00 +0200 CEST", "2026-01-31 08:30:00.000000"],
  ["2026-01-31 08:30:00 +0000 UTC m=+0.000012", "2026-01-31 08:30:00.000000"],
  ["2026-01-31 08:30:00 -0300 -03", "2026-01-31 11:30:00.000000"],
  ["2026-01-31 08:30:00.5 UTC", "2026-01-31 08:30:00.500000"],
  ["2026-01-31 08:30:00.000 Z", "2026-01-31 08:30:00.000000"],
  ["2026-01-31 08:30:00+00", "2026-01-31 08:30:00.000000"],
  ["Sat, 31 Jan 2026 08:30:00 GMT", "2026-01-31 08:30:00.000000"],
  ["Sat, 31 Jan 2026 08:30:00 +0100", "2026-01-31 07:30:00.000000"],
  ["1 Feb 2026 08:30 UTC", "2026-02-01 08:30:00.000000"],
  ["Sat, 31 Jan 2026 08:30:00 +0000 (UTC)", "2026-01-31 08:30:00.000000"],
  ["Sat, 31 Jan 2026 03:30:00 EST", "2026-01-31 08:30:00.000000"],
  ["Sat Jan 31 2026 14:00:00 GMT+0530 (India Standard Time)", "2026-01-31 08:30:00.000000"],
  ["1769848200000", "2026-01-31 08:30:00.000000"],
  [1_769_848_200_000, "2026-01-31 08:30:00.000000"],
])("The timestamp %j is stored as %s", async (timestamp, expected) => {
  for (const row of await rowsOf({ timestamp })) expect(row).toMatchObject({ timestamp: expected })
})

test.each([
  ["2026-02-30 08:30:00 +0000 UTC"],
  ["31 Foo 2026 08:30:00 GMT"],
  ["32 Jan 2026 08:30:00 GMT"],
  ["yesterday"],
  ["1769848200"],
  ["20260131083000"],
  ["2026"],
  ["Sat, 31 Jan 2026 08:30:00 XYZ"],
  ["Sat Foo 31 2026 08:30:00 GMT+0000"],
  ["01/31/2026 08:30"],
])("An event with the timestamp %j is rejected with the reason", async timestamp => {
  const [response] = await sendBatch(settings, [{ ...event, timestamp }])
  expect(response).toMatchObject({ status: 400, body: "invalid_timestamp" })
  expect(response?.errormessage).toMatch(
    /^Column timestamp is not a valid time: .+\. Expected ISO 8601, RFC 2822 or epoch milliseconds\. \[/,
  )
})

test("An extra time column that a value does not fit is NULL, and the event is stored", async () => {
  const mapping = { receivedAt: { "@path": "$.receivedAt" }, sentAt: { "@path": "$.sentAt" } }
  const added = ", `receivedAt` DATETIME(6), `sentAt` DATETIME(6)"
  const change = { receivedAt: "yesterday", sentAt: "2026-01-31 08:30:00 +0000 UTC" }
  for (const row of await rowsOf(change, mapping, added)) {
    expect(row).toMatchObject({ receivedAt: null, sentAt: "2026-01-31 08:30:00.000000" })
  }
})
