import { Destination, type SegmentEvent } from "@segment/actions-core"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, type Fault, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { presets } from "./fields.ts"
import { createDestination, type DestinationOptions, type Settings } from "./index.ts"
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

const event = {
  messageId: "m1",
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "alias",
  userId: "u1",
  previousId: "u0",
  receivedAt: "2026-11-22T06:13:13.000Z",
}

interface EventResponse {
  status: number
  errormessage?: string
}

/** Sends a batch as Segment does, with the mapping of the preset and the changes to it. */
async function send(
  events: readonly object[],
  change: object = {},
  options: DestinationOptions & { settings?: object; data?: object } = {},
): Promise<EventResponse[]> {
  const { settings: changed, data, ...rest } = options
  const [preset] = presets
  const subscription = { ...preset, mapping: { ...preset?.mapping, ...change } }
  const hosted = new Destination(createDestination({ protocol: "http", ...rest }))
  const results = await hosted.onBatch(
    events as SegmentEvent[],
    { ...settings, ...changed, subscription, ...data } as never,
  )
  return results.flatMap(result => (result.multistatus ?? []) as EventResponse[])
}

describe("extra columns", () => {
  const change = {
    previousId: { "@path": "$.previousId" },
    receivedAt: { "@path": "$.receivedAt" },
    message: { "@path": "$." },
  }

  test("Extra columns are filled if they are mapped and the table has them", async () => {
    const table = await createTable()
    await open().exec(
      `ALTER TABLE ${table} ADD previousId TEXT, ADD receivedAt DATETIME(6), ADD message JSON`,
    )
    expect(await send([event], change, { settings: { tableName: table } })).toMatchObject([{ status: 200 }])
    const [row] = await open().query(`SELECT previousId, receivedAt, message FROM ${table}`)
    expect(row).toEqual({ previousId: "u0", receivedAt: "2026-11-22 06:13:13.000000", message: event })
  })

  test("A batch fails with the ALTER TABLE statement if the table lacks a mapped extra column", async () => {
    const table = await createTable()
    const batch = send([event, { ...event, messageId: "m2" }], change, { settings: { tableName: table } })
    await expect(batch).rejects.toMatchObject({ status: 404, code: "UNKNOWN_COLUMN" })
    await expect(batch).rejects.toThrow(`Run ALTER TABLE \`${table}\` ADD `)
  })

  test("The table may lack mapped extra columns if no event has values for them", async () => {
    const table = await createTable()
    const { previousId: _, receivedAt: __, ...bare } = event
    const { message: ___, ...some } = change
    expect(await send([bare], some, { settings: { tableName: table } })).toMatchObject([{ status: 200 }])
  })
})

test("A mapping can select the database and the table of each event", async () => {
  const [first, second] = [await createTable(), await createTable("archive")]
  const change = {
    database: { "@path": "$.context.database" },
    table: { "@path": "$.context.table" },
  }
  const responses = await send(
    [
      { ...event, context: { table: first } },
      { ...event, messageId: "m2", context: { database: "archive", table: second } },
      { ...event, messageId: "m3", timestamp: "2026-02-30T00:00:00Z", context: { table: first } },
      { ...event, messageId: "m4", context: { table: first } },
    ],
    change,
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
  const responses = await send(
    [
      { ...event, context: { table } },
      { ...event, messageId: "m2", context: { table: "nowhere" } },
    ],
    change,
  )
  expect(responses.map(({ status }) => status)).toEqual([200, 404])
})

test.each([undefined, ""])("A batch with the port %j goes to port 443", async port => {
  const batch = send([event], {}, { settings: { port, host: "127.0.0.1" } })
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
  const responses = await send([event], { table: ` ${table}` }, { settings: padded })
  expect(responses).toMatchObject([{ status: 200 }])
  const other = { ...event, messageId: "m2" }
  expect(await send([other], {}, { settings: { ...padded, tableName: `${table} ` } })).toMatchObject([
    { status: 200 },
  ])
})

test("A call sends to at most four tables at once", async () => {
  let [open, most] = [0, 0]
  const server = await startServer((_, response) => {
    most = Math.max(most, ++open)
    setImmediate(() => {
      open--
      response.end(JSON.stringify({ lastInsertId: 0, rowsAffected: 1 }))
    })
  })
  const many = Array.from({ length: 100 }, (_, index) => ({ ...event, messageId: `m${index}` }))
  const change = { table: { "@template": "t_{{messageId}}" } }
  const responses = await send(many, change, { settings: server.settings })
  server.close()
  expect(responses.every(({ status }) => status === 200)).toBe(true)
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
  await send(many, { max_batch_size: size }, { settings: server.settings })
  server.close()
  expect(Math.max(...rows)).toBe(expected)
})

test("A private address is rejected if forbidPrivateHosts is set", async () => {
  const table = await createTable()
  const batch = send([event], {}, { forbidPrivateHosts: true, settings: { tableName: table } })
  await expect(batch).rejects.toThrow("public internet")
  expect(await open().query(`SELECT * FROM ${table}`)).toEqual([])
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

test("The counters and the log of the host, if any, receive the numbers of stored and rejected events", async () => {
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
  // The framework adds further counts after these.
  expect(counted.slice(0, 2)).toEqual([
    ["singlesink.stored", 1, ["a:b"]],
    ["singlesink.rejected.invalid_timestamp", 1, ["a:b"]],
  ])
  expect(logged).toEqual(["singlesink: 1 of 2 events rejected: invalid_timestamp"])
  await send({ statsContext: {}, logger: {} })
})

describe("failures that could crash or hang a worker", () => {
  const sendWithFault = async (fault: Fault) => {
    const table = await createTable()
    await emulator.injectFault(fault)
    try {
      return await send([event], {}, { settings: { tableName: table } }).catch(error => error)
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
})

describe("dynamic fields of the form", () => {
  const list = (field: string, payload: object = {}, change: object = {}) =>
    new Destination(createDestination({ protocol: "http" })).executeDynamicField("send", field, {
      settings: { ...settings, ...change },
      payload,
    } as never)

  test("The form lists the databases, and the tables of the selected database", async () => {
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

  test("The form shows an empty list and the error code if the credentials are wrong", async () => {
    const response = await list("table", {}, { password: "hunter2" })
    expect(response).toMatchObject({ choices: [], error: { code: "ACCESS_DENIED" } })
    expect(JSON.stringify(response)).not.toContain("hunter2")
  })
})
