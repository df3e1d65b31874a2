import { Destination } from "@segment/actions-core"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createDestination, type Settings } from "./index.ts"

let emulator: Emulator
let settings: Settings
beforeAll(async () => {
  emulator = await startEmulator({ databases: ["events", "archive"] })
  settings = { host: emulator.host, port: emulator.port, username: "root", password: "", dbName: "events" }
})
afterAll(() => emulator.close())

const list = (field: string, payload: object = {}, change: object = {}) =>
  new Destination(createDestination({ protocol: "http" })).executeDynamicField("send", field, {
    settings: { ...settings, ...change },
    payload,
  } as never)

test("The form lists the databases, and the tables of the selected database", async () => {
  const table = "old_events"
  await emulator.exec(`CREATE TABLE archive.${table} (messageId TEXT)`)
  expect(await list("database")).toMatchObject({
    choices: expect.arrayContaining([
      { label: "events", value: "events" },
      { label: "archive", value: "archive" },
    ]),
  })
  expect(await list("table", { database: "archive" })).toMatchObject({
    choices: expect.arrayContaining([{ label: table, value: table }]),
  })
})

test("The form shows an empty list and the error code if the credentials are wrong", async () => {
  const response = await list("table", {}, { password: "hunter2" })
  expect(response).toMatchObject({ choices: [], error: { code: "ACCESS_DENIED" } })
  expect(JSON.stringify(response)).not.toContain("hunter2")
})

test("The form lists the six types of events without a request", async () => {
  const { choices } = (await list("type", {}, { port: "1" })) as { choices: { value: string }[] }
  expect(choices.map(({ value }) => value)).toEqual(["track", "identify", "page", "screen", "group", "alias"])
})
