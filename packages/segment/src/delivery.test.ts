import { Destination, type SegmentEvent } from "@segment/actions-core"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, expect, test } from "vitest"
import { presets } from "./fields.ts"
import { createDestination, type Settings } from "./index.ts"
import { sendBatch } from "./testing/send.ts"
import { startServer } from "./testing/server.ts"

let emulator: Emulator
let settings: Settings
beforeAll(async () => {
  emulator = await startEmulator({ databases: ["events", "archive"] })
  settings = { host: emulator.host, port: emulator.port, username: "root", password: "", dbName: "events" }
})
afterAll(() => emulator.close())

const open = (database = "events") =>
  createDataApi({ url: emulator.url, username: "root", password: "", database })

let tables = 0
async function createTable(database?: string): Promise<string> {
  const table = `t${++tables}`
  await open(database).exec(createTableSql({ table }))
  return table
}

const event = { messageId: "m1", timestamp: "2026-11-22T06:13:12.535Z", type: "page", userId: "u1" }

test("A mapping can select the database and the table of each event", async () => {
  const [first, second] = [await createTable(), await createTable("archive")]
  const change = {
    database: { "@path": "$.context.database" },
    table: { "@path": "$.context.table" },
  }
  const responses = await sendBatch(
    settings,
    [
      { ...event, context: { table: first } },
      { ...event, messageId: "m2", context: { database: "archive", table: second } },
      { ...event, messageId: "m3", timestamp: "2026-02-30T00:00:00Z", context: { table: first } },
      { ...event, messageId: "m4", context: { table: first } },
    ],
    { mapping: change },
  )
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 400, 200])
  expect(await open().query(`SELECT messageId FROM ${first} ORDER BY messageId`)).toEqual([
    { messageId: "m1" },
    { messageId: "m4" },
  ])
  expect(await open("archive").query(`SELECT messageId FROM ${second}`)).toEqual([{ messageId: "m2" }])
})

test("Each event of a batch gets its own status if one of two tables is missing", async () => {
  const table = await createTable()
  const change = { table: { "@path": "$.context.table" } }
  const responses = await sendBatch(
    settings,
    [
      { ...event, context: { table } },
      { ...event, messageId: "m2", context: { table: "nowhere" } },
    ],
    { mapping: change },
  )
  expect(responses.map(({ status }) => status)).toEqual([200, 404])
})

test.each([undefined, ""])("A batch with the port %j goes to port 443", async port => {
  const batch = sendBatch({ ...settings, port: port as string, host: "127.0.0.1" }, [event])
  await expect(batch).rejects.toMatchObject({ status: 503 })
})

test("Spaces around a setting or a selected table are ignored", async () => {
  const table = await createTable()
  const padded = {
    host: ` ${settings.host} `,
    username: "root ",
    dbName: " events",
    port: ` ${settings.port}`,
  }
  const trimmed = { ...settings, ...padded }
  const responses = await sendBatch(trimmed, [event], { mapping: { table: ` ${table}` } })
  expect(responses).toMatchObject([{ status: 200 }])
  const other = { ...event, messageId: "m2" }
  expect(await sendBatch({ ...trimmed, tableName: `${table} ` }, [other])).toMatchObject([{ status: 200 }])
})

test("A call sends to at most four tables at once, and stores the events of all", async () => {
  const open: string[] = []
  let most = 0
  const stored = new Map<string, number>()
  const server = await startServer(({ sql, args }, response) => {
    const table = /`(t_\d+)`/.exec(sql)?.[1] ?? ""
    open.push(table)
    most = Math.max(most, new Set(open).size)
    setImmediate(() => {
      open.splice(open.indexOf(table), 1)
      stored.set(table, (stored.get(table) ?? 0) + args.length / 11)
      response.end(JSON.stringify({ lastInsertId: 0, rowsAffected: args.length / 11 }))
    })
  })
  const many = Array.from({ length: 180 }, (_, index) => ({
    ...event,
    messageId: `m${index}`,
    context: { table: index % 60 },
  }))
  const mapping = { table: { "@template": "t_{{context.table}}" } }
  const responses = await sendBatch(server.settings, many, { mapping })
  server.close()
  expect(responses.every(({ status }) => status === 200)).toBe(true)
  expect([...stored.values()]).toEqual(Array(60).fill(3))
  expect(most).toBeLessThanOrEqual(4)
})

test.each([
  [1.4, 1],
  [12.5, 13],
  [100, 100],
])("A max_batch_size of %j sends at most %i rows in a request", async (size, expected) => {
  const rows: number[] = []
  const server = await startServer(({ args }, response) => {
    rows.push(args.length / 11)
    response.end(JSON.stringify({ lastInsertId: 0, rowsAffected: args.length / 11 }))
  })
  const many = Array.from({ length: 120 }, (_, index) => ({ ...event, messageId: `m${index}` }))
  await sendBatch(server.settings, many, { mapping: { max_batch_size: size } })
  server.close()
  expect(Math.max(...rows)).toBe(expected)
})

test("A destination serves calls with different settings, and a failed call does not affect the next one", async () => {
  const [table, other] = [await createTable(), await createTable()]
  const hosted = new Destination(createDestination({ protocol: "http" }))
  const [preset] = presets
  const call = (id: string, change: object = {}) =>
    hosted
      .executeBatch("send", {
        events: [{ ...event, messageId: id }] as unknown as SegmentEvent[],
        mapping: preset?.mapping as never,
        settings: { ...settings, tableName: table, ...change } as never,
      })
      .then(responses => responses.map(({ status }) => status))
      .catch(error => error.status)
  expect(await call("m1")).toEqual([200])
  expect(await call("m2")).toEqual([200])
  expect(await Promise.all([call("m3"), call("m4"), call("m5", { tableName: other })])).toEqual([
    [200],
    [200],
    [200],
  ])
  expect(await call("m6", { password: "wrong" })).toBe(401)
  expect(await call("m6", { tableName: "nowhere" })).toBe(404)
  await emulator.injectFault({ kind: "respond", status: 401, engineCode: 1045, times: "always" })
  expect(await call("m6")).toBe(401)
  emulator.clearFaults()
  expect(await call("m6")).toEqual([200])
  expect(await open().query(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual([{ n: 5 }])
  expect(await open().query(`SELECT messageId FROM ${other}`)).toEqual([{ messageId: "m5" }])
})
