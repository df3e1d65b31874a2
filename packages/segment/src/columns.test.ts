import { createTableSql } from "@singlesink/core"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Settings } from "./index.ts"
import { sendBatch } from "./testing/send.ts"

let emulator: Emulator
let settings: Settings
beforeAll(async () => {
  emulator = await startEmulator()
  settings = { host: emulator.host, port: emulator.port, username: "root", password: "", dbName: "events" }
})
afterAll(() => emulator.close())

let tables = 0
async function createTable(): Promise<string> {
  const table = `t${++tables}`
  await emulator.exec(createTableSql({ table }))
  return table
}

const event = {
  messageId: "m1",
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "alias",
  userId: "u1",
  previousId: "u0",
  receivedAt: "2026-11-22T06:13:13.000Z",
}

const mapping = {
  previousId: { "@path": "$.previousId" },
  receivedAt: { "@path": "$.receivedAt" },
  message: { "@path": "$." },
}

test("Extra columns are filled if they are mapped and the table has them", async () => {
  const table = await createTable()
  await emulator.exec(
    `ALTER TABLE ${table} ADD previousId TEXT, ADD receivedAt DATETIME(6), ADD message JSON`,
  )
  expect(await sendBatch({ ...settings, tableName: table }, [event], { mapping })).toMatchObject([
    { status: 200 },
  ])
  const [row] = await emulator.query(`SELECT previousId, receivedAt, message FROM ${table}`)
  expect(row).toEqual({ previousId: "u0", receivedAt: "2026-11-22 06:13:13.000000", message: event })
})

test("A batch fails with the ALTER TABLE statement if the table lacks a mapped extra column", async () => {
  const table = await createTable()
  const batch = sendBatch({ ...settings, tableName: table }, [event, { ...event, messageId: "m2" }], {
    mapping,
  })
  await expect(batch).rejects.toMatchObject({ status: 404, code: "UNKNOWN_COLUMN" })
  await expect(batch).rejects.toThrow(`Run ALTER TABLE \`${table}\` ADD `)
})

test("The table may lack mapped extra columns if no event has values for them", async () => {
  const table = await createTable()
  const { previousId: _, receivedAt: __, ...bare } = event
  const { message: ___, ...some } = mapping
  expect(await sendBatch({ ...settings, tableName: table }, [bare], { mapping: some })).toMatchObject([
    { status: 200 },
  ])
})
