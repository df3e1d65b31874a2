import { createTableSql } from "@singlesink/core"
import { type Emulator, type Fault, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Settings } from "./index.ts"
import { sendBatch } from "./testing/send.ts"

let emulator: Emulator
let settings: Settings
beforeAll(async () => {
  emulator = await startEmulator()
  settings = { host: emulator.host, port: emulator.port, username: "root", password: "", dbName: "events" }
  await emulator.exec(createTableSql({ table: "segment_data" }))
})
afterAll(() => emulator.close())

const event = { messageId: "m1", timestamp: "2026-11-22T06:13:12.535Z", type: "page" }

const sendWithFault = async (fault: Fault) => {
  await emulator.injectFault(fault)
  try {
    return await sendBatch(settings, [event]).catch(error => error)
  } finally {
    emulator.clearFaults()
  }
}

test.each<[string, Fault]>([
  ["a truncated response", { kind: "truncate" }],
  ["an error body of 200 KB", { kind: "respond", status: 500, body: "x".repeat(200_000) }],
  ["a connection reset", { kind: "reset", at: "body" }],
  ["an HTML page", { kind: "respond", status: 200, body: "<html>Sign in</html>" }],
])("A batch that meets %s fails with an IntegrationError and status 503", async (_, fault) => {
  expect(await sendWithFault(fault)).toMatchObject({ name: "IntegrationError", status: 503 })
})

test.each([302, 307] as const)("A redirect with status %i is not followed", async status => {
  expect(await sendWithFault({ kind: "respond", status })).toMatchObject({ code: "NOT_FROM_DATABASE" })
  expect(emulator.redirected).toEqual([])
})

test("A long server text is truncated in the error message", async () => {
  const { message } = await sendWithFault({ kind: "respond", status: 418, body: "odd ".repeat(10_000) })
  expect(message.length).toBeLessThan(700)
})
