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
  await emulator.exec(createTableSql({ table: "segment_data" }))
})
afterAll(() => emulator.close())

const fail = () => {
  throw new Error("no metrics")
}
const reject = () => Promise.reject(new Error("no metrics"))

const event = { timestamp: "2026-11-22T06:13:12.535Z", type: "page" }

// executeAction and executeBatch call incr for counts of their own, so only our counts fail.
const failFor =
  (failure: () => unknown) =>
  (name: string): unknown =>
    name.startsWith("singlesink.") ? failure() : undefined

test.each([
  ["throws", fail],
  ["rejects", reject],
])("A stored event stays stored if a client for statistics or logs %s", async (_, failure) => {
  const warned: string[] = []
  const data = {
    statsContext: { statsClient: { incr: failFor(failure) }, tags: [] },
    logger: {
      warn(line: string) {
        warned.push(line)
        return failure()
      },
    },
  }
  const bad = { ...event, messageId: "bad", timestamp: "2026-02-30T00:00:00Z" }
  const responses = await sendBatch(settings, [{ ...event, messageId: "m1" }, bad], { data })
  expect(responses.map(({ status }) => status)).toEqual([200, 400])
  expect(warned).toEqual(["singlesink: 1 of 2 events rejected: invalid_timestamp"])
  await sendEvent(settings, { ...event, messageId: "m2" }, { data })
})

test("The counters and the log of the host, if any, receive the numbers of stored and rejected events", async () => {
  const counted: unknown[] = []
  const logged: string[] = []
  const events = [
    { ...event, messageId: "m3" },
    { ...event, messageId: "m4", timestamp: "2026-02-30T00:00:00Z" },
  ]
  const data = {
    statsContext: { statsClient: { incr: (...args: unknown[]) => counted.push(args) }, tags: ["a:b"] },
    logger: { warn: (text: string) => logged.push(text) },
  }
  await sendBatch(settings, events, { data })
  // The framework adds further counts after these.
  expect(counted.slice(0, 2)).toEqual([
    ["singlesink.stored", 1, ["a:b"]],
    ["singlesink.rejected.invalid_timestamp", 1, ["a:b"]],
  ])
  expect(logged).toEqual(["singlesink: 1 of 2 events rejected: invalid_timestamp"])
  await sendBatch(settings, events, { data: { statsContext: {}, logger: {} } })
})
