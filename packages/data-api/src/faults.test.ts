import {
  createSink,
  createTableSql,
  type DeliveryError,
  isSinkError,
  type SinkError,
  type Transport,
} from "@singlesink/core"
import { type Emulator, type Fault, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createDataApi } from "./data-api.ts"
import type { Fetch } from "./http/fetch.ts"
import { undiciFetch } from "./undici/undici.ts"

const undici = undiciFetch({ connections: 1 })
let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => Promise.all([emulator.close(), undici.close()]))

const open = (fetch: Fetch | undefined, timeoutMs = 5_000) =>
  createDataApi({ url: emulator.url, username: "root", password: "", database: "events", fetch, timeoutMs })

let tables = 0
/** Creates a separate table for one test. */
async function createTable(): Promise<string> {
  const table = `t${++tables}`
  await open(undefined).exec(createTableSql({ table }))
  return table
}

const count = async (table: string) =>
  Number((await emulator.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.n)

/** A fault, the error of a single attempt, and whether the row is stored despite the error. */
type Line = [fault: Fault, error: Partial<DeliveryError> | { code: SinkError["code"] }, isStored: boolean]

const ambiguous = true
const lines: Line[] = [
  [{ kind: "respond", status: 503 }, { code: "server_unavailable", ambiguous: false }, false],
  [
    { kind: "respond", status: 503, headers: { "retry-after": "7" } },
    { code: "server_unavailable", retryAfterMs: 7_000 },
    false,
  ],
  [{ kind: "respond", status: 429 }, { code: "overloaded" }, false],
  [{ kind: "respond", status: 408 }, { code: "timeout", ambiguous: false }, false],
  [
    { kind: "respond", status: 500, body: "partitions are offline" },
    { code: "server_unavailable", ambiguous },
    false,
  ],
  [
    { kind: "respond", status: 500, body: "Error 1146 (42S02): Table 'a.b' doesn't exist" },
    { code: "unknown_table" },
    false,
  ],
  [
    { kind: "respond", engineCode: 1205 },
    { code: "lock_timeout", ambiguous: false, engineCode: 1205 },
    false,
  ],
  [{ kind: "respond", engineCode: 1712 }, { code: "database_out_of_memory", ambiguous: false }, false],
  [{ kind: "respond", engineCode: 2013 }, { code: "connection_lost", ambiguous }, false],
  [
    { kind: "respond", engineCode: 2269, milliseconds: 60_000 },
    { code: "recovering", engineCode: 2269 },
    false,
  ],
  [{ kind: "hang" }, { code: "timeout", ambiguous }, false],
  [{ kind: "delay", part: "headers", milliseconds: 2_000 }, { code: "timeout", ambiguous }, true],
  [{ kind: "delay", part: "body", milliseconds: 2_000 }, { code: "timeout", ambiguous }, true],
  [{ kind: "reset", at: "start" }, { code: "connection_lost", ambiguous }, false],
  [{ kind: "reset", at: "body" }, { code: "connection_lost", ambiguous }, false],
  [{ kind: "reset", at: "commit" }, { code: "connection_lost", ambiguous }, true],
  [{ kind: "disconnect", after: "commit" }, { code: "connection_lost", ambiguous }, true],
  [{ kind: "hang", after: "commit" }, { code: "timeout", ambiguous }, true],
  [{ kind: "respond", status: 504, after: "commit" }, { code: "timeout", ambiguous }, true],
  [{ kind: "respond", status: 502, after: "commit" }, { code: "server_unavailable", ambiguous }, true],
  [{ kind: "truncate" }, { code: "connection_lost", ambiguous }, true],
  [
    { kind: "respond", status: 200, body: "<html>Sign in</html>" },
    { code: "not_from_database", ambiguous },
    false,
  ],
  [
    { kind: "respond", status: 502, body: "<html>Sign in</html>" },
    { code: "server_unavailable", ambiguous },
    false,
  ],
  [{ kind: "respond", status: 302 }, { code: "not_from_database", ambiguous: false }, false],
  [{ kind: "respond", status: 307 }, { code: "not_from_database", ambiguous: false }, false],
  [{ kind: "respond", status: 401, engineCode: 1045 }, { code: "access_denied" }, false],
  [{ kind: "body_limit", maxBytes: 100 }, { code: "row_too_large" }, false],
  [{ kind: "body_limit", maxBytes: 100, status: 413 }, { code: "request_too_large" }, false],
  [{ kind: "reject_rows", containing: "m1" }, { code: "value_rejected" }, false],
  [
    { kind: "reject_rows", containing: "m1", body: "the stars are wrong" },
    { code: "unexpected_response" },
    false,
  ],
]

describe.each<[string, Fetch | undefined]>([
  ["the platform's fetch", undefined],
  ["undiciFetch", undici],
])("injected faults with %s", (_, fetch) => {
  test.each(lines)("The fault %j is reported as %j", async (fault, error, isStored) => {
    const table = await createTable()
    // The connection is now a reused one.
    await open(fetch).query("SELECT 1")
    await emulator.injectFault(fault)
    try {
      const { database, send } = open(fetch, 150)
      // The HTTP client does not repeat a request that is not idempotent, so one attempt is one request.
      const api: Transport = { database, send: request => send({ ...request, idempotent: false }) }
      const sink = createSink({ transport: api, table, retry: false })
      const thrown = await sink.write({ messageId: "m1", timestamp: 0, type: "track" }).catch(error => error)
      expect(isSinkError(thrown)).toBe(true)
      expect(thrown).toMatchObject(error)
    } finally {
      emulator.clearFaults()
    }
    expect(await count(table)).toBe(isStored ? 1 : 0)
    expect(emulator.redirected).toEqual([])
  })

  test("A sink that retries stores each event once, whatever the fault", async () => {
    const table = await createTable()
    const retry = { baseDelayMs: 1, maxDelayMs: 5, maxAttempts: 20 }
    const sink = createSink({ transport: open(fetch, 150), table, retry })
    let written = 0
    for (const [fault, error] of lines) {
      // Only delivery errors are retried.
      if (!("ambiguous" in error)) continue
      const handle = await emulator.injectFault(fault)
      await sink.write({ messageId: `m${++written}`, timestamp: 0, type: "track" })
      expect(handle.fired).toBe(1)
    }
    expect(await count(table)).toBe(written)
    expect(sink.stats()).toMatchObject({ stored: written, failed: 0 })
  })
})

test("An insert into a keyed table is repeated immediately after a stale connection", async () => {
  const table = await createTable()
  const sink = createSink({ transport: open(undici), table, retry: false })
  await sink.write({ messageId: "m1", timestamp: 0, type: "track" })
  const { fired } = await emulator.injectFault({ kind: "reset", reusedOnly: true })
  await sink.write({ messageId: "m2", timestamp: 0, type: "track" })
  expect(fired).toBe(0)
  expect(sink.stats()).toMatchObject({ stored: 2, duplicates: 0, retries: 0 })
})

test("An insert that could duplicate rows fails as ambiguous after a stale connection", async () => {
  const table = await createTable()
  const sink = createSink({ transport: open(undici), table, deduplicate: false, retry: false })
  await sink.write({ messageId: "m1", timestamp: 0, type: "track" })
  await emulator.injectFault({ kind: "reset", reusedOnly: true })
  const failure = sink.write({ messageId: "m2", timestamp: 0, type: "track" })
  await expect(failure).rejects.toMatchObject({ code: "connection_lost", ambiguous: true })
  expect(await count(table)).toBe(1)
})

test("A query that fails after its first rows rejects without any rows", async () => {
  const table = await createTable()
  const api = open(undici)
  const sink = createSink({ transport: api, table })
  await sink.writeBatch(["1", "x"].map(event => ({ messageId: event, timestamp: 0, type: "track", event })))
  const failure = api.query(`SELECT CAST(event AS SIGNED) AS n FROM ${table}`)
  await expect(failure).rejects.toMatchObject({ status: 200, engineCode: expect.any(Number) })
})

test("The error about a table that was dropped or recreated with other columns names the table", async () => {
  const table = await createTable()
  const write = (messageId: string) =>
    createSink({ transport: open(undici), table }).write({ messageId, timestamp: 0, type: "track" })
  await write("m1")
  await emulator.exec(`DROP TABLE ${table}`)
  await emulator.exec(`CREATE TABLE ${table} (messageId TEXT)`)
  await expect(write("m2")).rejects.toMatchObject({ name: "ConfigError", code: "unknown_column" })
  await emulator.exec(`DROP TABLE ${table}`)
  await expect(write("m3")).rejects.toThrow(new RegExp(`unknown_table|events\\.${table}`))
})
