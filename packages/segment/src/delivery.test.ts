import { Destination, type SegmentEvent } from "@segment/actions-core"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, type Fault, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { presets } from "./fields.ts"
import { createDestination, type DestinationOptions, type Settings } from "./index.ts"

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

const event = {
  messageId: "m1",
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "alias",
  userId: "u1",
  previousId: "u0",
  receivedAt: "2026-11-22T06:13:13.000Z",
}

interface Answer {
  status: number
  errormessage?: string
}

/** What Segment does with a batch, by the preset's mapping and what is changed of it. */
async function send(
  events: readonly object[],
  change: object = {},
  options: DestinationOptions & { settings?: object; data?: object } = {},
): Promise<Answer[]> {
  const { settings: changed, data, ...rest } = options
  const [preset] = presets
  const subscription = { ...preset, mapping: { ...preset?.mapping, ...change } }
  const hosted = new Destination(createDestination({ protocol: "http", ...rest }))
  const results = await hosted.onBatch(
    events as SegmentEvent[],
    { ...settings, ...changed, subscription, ...data } as never,
  )
  return results.flatMap(result => (result.multistatus ?? []) as Answer[])
}

describe("columns that Segment's own destination does not have", () => {
  const change = {
    previousId: { "@path": "$.previousId" },
    receivedAt: { "@path": "$.receivedAt" },
    message: { "@path": "$." },
  }

  test("are filled where they are mapped and the table has them", async () => {
    const table = await createTable()
    await open().exec(
      `ALTER TABLE ${table} ADD previousId TEXT, ADD receivedAt DATETIME(6), ADD message JSON`,
    )
    expect(await send([event], change, { settings: { tableName: table } })).toMatchObject([{ status: 200 }])
    const [row] = await open().query(`SELECT previousId, receivedAt, message FROM ${table}`)
    expect(row).toEqual({ previousId: "u0", receivedAt: "2026-11-22 06:13:13.000000", message: event })
  })

  test("that the table lacks are told with the ALTER TABLE", async () => {
    const table = await createTable()
    const batch = send([event, { ...event, messageId: "m2" }], change, { settings: { tableName: table } })
    await expect(batch).rejects.toMatchObject({ status: 404, code: "UNKNOWN_COLUMN" })
    await expect(batch).rejects.toThrow(`Run ALTER TABLE \`${table}\` ADD `)
  })

  test("are not asked for where no event has them", async () => {
    const table = await createTable()
    const { previousId: _, receivedAt: __, ...bare } = event
    const { message: ___, ...some } = change
    expect(await send([bare], some, { settings: { tableName: table } })).toMatchObject([{ status: 200 }])
  })
})

test("a mapping may name its database and its table, and each event goes to its own", async () => {
  const [first, second] = [await createTable(), await createTable("archive")]
  const change = {
    database: { "@path": "$.context.database" },
    table: { "@path": "$.context.table" },
  }
  const answers = await send(
    [
      { ...event, context: { table: first } },
      { ...event, messageId: "m2", context: { database: "archive", table: second } },
      { ...event, messageId: "m3", timestamp: "2026-02-30T00:00:00Z", context: { table: first } },
      { ...event, messageId: "m4", context: { table: first } },
    ],
    change,
  )
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 200])
  expect(await open().query(`SELECT messageId FROM ${first} ORDER BY messageId`)).toEqual([
    { messageId: "m1" },
    { messageId: "m4" },
  ])
  expect(await open("archive").query(`SELECT messageId FROM ${second}`)).toEqual([{ messageId: "m2" }])
})

test("a batch for a table that is missing and one that is there has an answer per event", async () => {
  const table = await createTable()
  const change = { table: { "@path": "$.context.table" } }
  const answers = await send(
    [
      { ...event, context: { table } },
      { ...event, messageId: "m2", context: { table: "nowhere" } },
    ],
    change,
  )
  expect(answers.map(({ status }) => status)).toEqual([200, 404])
})

test.each([undefined, "", "443x"])(
  "a port that is %j is the default or told, and never a crash",
  async port => {
    const batch = send([event], {}, { settings: { port, host: "127.0.0.1" } })
    await expect(batch).rejects.toMatchObject({ status: 503 })
  },
)

test("an address inside is refused where the worker must not reach it", async () => {
  const table = await createTable()
  const batch = send([event], {}, { forbidPrivateHosts: true, settings: { tableName: table } })
  await expect(batch).rejects.toThrow("private network")
  expect(await open().query(`SELECT * FROM ${table}`)).toEqual([])
})

test("one destination serves any number of calls, each with its own settings, and trouble is not handed on", async () => {
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
      .then(answers => answers.map(({ status }) => status))
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

test("the host's counters and log are told how many, where it has them", async () => {
  const table = await createTable()
  const counted: unknown[] = []
  const logged: string[] = []
  const bad = { ...event, messageId: "m2", timestamp: "2026-02-30T00:00:00Z" }
  const data = {
    statsContext: { statsClient: { incr: (...args: unknown[]) => counted.push(args) }, tags: ["a:b"] },
    logger: { warn: (text: string) => logged.push(text) },
  }
  const hosted = new Destination(createDestination({ protocol: "http" }))
  const [preset] = presets
  const send = (extra: object) =>
    hosted.executeBatch("send", {
      events: [event, bad] as SegmentEvent[],
      mapping: preset?.mapping as never,
      settings: { ...settings, tableName: table },
      ...extra,
    } as never)
  await send(data)
  // The last one is the framework's own.
  expect(counted.slice(0, 2)).toEqual([
    ["singlesink.stored", 1, ["a:b"]],
    ["singlesink.rejected.invalid_timestamp", 1, ["a:b"]],
  ])
  expect(logged).toEqual(["singlesink: 1 of 2 events rejected: invalid_timestamp"])
  await send({ statsContext: {}, logger: {} })
})

describe("what has ended or hung a worker", () => {
  const failing = async (fault: Fault) => {
    const table = await createTable()
    await emulator.injectFault(fault)
    try {
      return await send([event], {}, { settings: { tableName: table } }).catch(error => error)
    } finally {
      emulator.clearFaults()
    }
  }

  test.each<Fault>([
    { kind: "truncate" },
    { kind: "respond", status: 500, body: "x".repeat(200_000) },
    { kind: "reset", at: "body" },
    { kind: "respond", status: 200, body: "<html>Sign in</html>" },
  ])("is a failure like any other: %j", async fault => {
    expect(await failing(fault)).toMatchObject({ name: "IntegrationError", status: 503 })
  })

  test.each([302, 307] as const)("a redirect by %i is not followed", async status => {
    expect(await failing({ kind: "respond", status })).toMatchObject({ code: "NOT_A_DATA_API" })
    expect(emulator.redirected).toEqual([])
  })

  test("a server's text is cut", async () => {
    const { message } = await failing({ kind: "respond", status: 418, body: "odd ".repeat(10_000) })
    expect(message.length).toBeLessThan(700)
  })
})

describe("the lists of the form", () => {
  const list = (field: string, payload: object = {}, change: object = {}) =>
    new Destination(createDestination({ protocol: "http" })).executeDynamicField("send", field, {
      settings: { ...settings, ...change },
      payload,
    } as never)

  test("are the databases, and the tables of the one that is chosen", async () => {
    const table = await createTable("archive")
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

  test("are empty with the reason where they cannot be had", async () => {
    const answer = await list("table", {}, { password: "hunter2" })
    expect(answer).toMatchObject({ choices: [], error: { code: "ACCESS_DENIED" } })
    expect(JSON.stringify(answer)).not.toContain("hunter2")
  })
})

describe("onDelete", () => {
  const remove = (ids: object, table: string, options: DestinationOptions = { allowUserDeletion: true }) => {
    const hosted = new Destination(createDestination({ protocol: "http", ...options }))
    return hosted.onDelete?.(
      { type: "delete", ...ids } as unknown as SegmentEvent,
      { ...settings, tableName: table } as never,
    )
  }

  test("deletes the rows of the user, by either id, and no other", async () => {
    const table = await createTable()
    await send(
      [
        { ...event, messageId: "m1", userId: "u1" },
        { ...event, messageId: "m2", userId: "u2", anonymousId: "a1" },
        { ...event, messageId: "m3", userId: "u3", anonymousId: "a3" },
      ],
      {},
      { settings: { tableName: table } },
    )
    await remove({ userId: "u1", anonymousId: "a1" }, table)
    expect(await open().query(`SELECT messageId FROM ${table}`)).toEqual([{ messageId: "m3" }])
    await remove({ userId: "", anonymousId: null }, table)
    expect(await open().query(`SELECT messageId FROM ${table}`)).toHaveLength(1)
  })

  test("is not there unless it is asked for", () => {
    expect(createDestination().onDelete).toBeUndefined()
  })
})
