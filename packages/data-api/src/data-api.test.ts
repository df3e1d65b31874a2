import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { inspect } from "node:util"
import { ConfigError, createSink, createTableSql, DeliveryError, EventError } from "@singlesink/core"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createDataApi } from "./data-api.ts"
import type { DataApiOptions } from "./http/client.ts"
import type { Fetch, FetchHeaders } from "./http/fetch.ts"
import { undiciFetch } from "./undici/undici.ts"

const credentials = { username: "sink", password: "pässwörd: 密码", database: "events" }

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ ...credentials, databases: ["events"] })
})
afterAll(() => emulator.close())

const undici = undiciFetch()
afterAll(() => undici.close())

describe.each<[string, Fetch | undefined]>([
  ["the platform's fetch", undefined],
  ["undiciFetch", undici],
])("the client over HTTP with %s", (name, fetch) => {
  const table = `data api by ${name}`
  const open = (options: Partial<DataApiOptions> = {}) =>
    createDataApi({ url: emulator.url, ...credentials, fetch, ...options })

  test("Statements and queries accept arguments of every kind", async () => {
    const api = open()
    await api.exec(createTableSql({ table }))
    const args = ["m1", "2026-11-22 06:13:12.535", "track", "é😀", { b: [1, null], a: "x" }]
    const insert = `INSERT INTO \`${table}\` (messageId, timestamp, type, event, properties) VALUES (?, ?, ?, ?, ?)`
    expect(await api.exec(insert, args)).toMatchObject({ rowsAffected: 1 })
    const rows = await api.query<{ messageId: string }>(`SELECT * FROM \`${table}\` WHERE messageId = ?`, [
      "m1",
    ])
    expect(rows).toEqual([
      expect.objectContaining({
        messageId: "m1",
        timestamp: "2026-11-22 06:13:12.535000",
        event: "é😀",
        name: null,
        properties: { a: "x", b: [1, null] },
      }),
    ])
  })

  test("The request body of a sink has exactly the bytes that its stats count", async () => {
    const sink = createSink({ transport: open(), table })
    const before = emulator.requests.length
    await sink.write({ messageId: "m2", timestamp: 0, type: "track", event: "北京" })
    expect(emulator.requests.slice(before)).toMatchObject([
      { path: "/api/v2/exec", bytes: sink.stats().bytes },
    ])
  })

  test("A ping to a running server resolves", async () => {
    await expect(open().ping()).resolves.toBeUndefined()
  })

  test.each<[string, Partial<DataApiOptions>, string]>([
    ["a wrong password", { password: "wrong" }, "access_denied"],
    ["an unknown database", { database: "nope" }, "unknown_database"],
  ])("A query with %s is rejected with a ConfigError", async (_, options, code) => {
    const api = open(options)
    await expect(api.query("SELECT 1")).rejects.toMatchObject({ name: "ConfigError", code })
  })

  test("An insert into an unknown table is rejected with the name of the table", async () => {
    const failure = open().exec("INSERT INTO nope (a) VALUES (?)", [1])
    await expect(failure).rejects.toThrow(
      /The table does not exist\. Create it, .*events\.nope.*\[unknown_table\]/,
    )
    await expect(failure).rejects.toMatchObject({ engineCode: 1146, status: 400 })
  })

  test("A request body that is too large makes send resolve to too_large and exec reject", async () => {
    const body = JSON.stringify({ sql: "SELECT ?", database: "events", args: ["x".repeat(1_000_000)] })
    const request = { body, bytes: Buffer.byteLength(body), rows: 1, idempotent: true }
    expect(await open().send(request)).toEqual({ status: "too_large" })
    await expect(open().exec("SELECT ?", ["x".repeat(1_000_000)])).rejects.toMatchObject({
      code: "request_too_large",
    })
  })

  test("A ping to an address without a server is rejected as connection_failed", async () => {
    // Port 2, because the standard fetch rejects port 1 without a connection attempt.
    const failure = createDataApi({ ...credentials, url: "http://127.0.0.1:2", fetch }).ping()
    await expect(failure).rejects.toMatchObject({
      name: "DeliveryError",
      code: "connection_failed",
      ambiguous: false,
    })
  })
})

/** Returns the error of a call that must fail. */
async function errorOf(call: Promise<unknown>): Promise<Error> {
  const [result] = await Promise.allSettled([call])
  if (result.status === "fulfilled") throw new Error("The call did not fail.")
  return result.reason
}

/** Creates a client whose server sends the same response to every request. */
function createApi(status: number, text: string, headers: FetchHeaders = {}) {
  return createDataApi({
    ...credentials,
    url: "https://db.example.com",
    fetch: async () => ({ status, headers, text: () => text }),
  })
}

describe("responses of other servers", () => {
  test.each([
    ["an HTML page", 200, "<html><body>Log in</body></html>"],
    ["unknown JSON", 200, '{"ok":true}'],
    ["an empty body", 200, ""],
    ["a redirect status", 302, ""],
  ])("A response with %s is reported as not_from_database", async (_, status, text) => {
    const api = createApi(status, text)
    const error = { name: "DeliveryError", code: "not_from_database" }
    await expect(api.exec("SELECT 1")).rejects.toMatchObject(error)
    await expect(api.query("SELECT 1")).rejects.toMatchObject(error)
    await expect(api.ping()).rejects.toMatchObject(error)
  })
})

describe("failed responses", () => {
  test("The Retry-After header is read from a plain object and from a Headers object", async () => {
    for (const headers of [{ "Retry-After": "7" }, new Headers({ "retry-after": "7" })]) {
      const failure = createApi(503, "", headers as FetchHeaders).exec("SELECT 1")
      await expect(failure).rejects.toMatchObject({ name: "DeliveryError", retryAfterMs: 7_000 })
    }
  })

  test("A query that fails after its first rows is rejected despite its status 200", async () => {
    const text = '{"results":[{"rows":[{"a":1}]}],"error":{"code":1712,"message":"Not enough memory"}}'
    const failure = createApi(200, text).query("SELECT a FROM t")
    await expect(failure).rejects.toMatchObject({
      name: "DeliveryError",
      code: "database_out_of_memory",
      engineCode: 1712,
    })
  })

  test.each([
    [500, "x", DeliveryError, true],
    [502, "x", DeliveryError, true],
    [504, "x", DeliveryError, true],
    [503, "x", DeliveryError, false],
    [429, "x", DeliveryError, false],
    [408, "x", DeliveryError, false],
  ])(
    "The error for status %i reports whether the statement may have been executed",
    async (status, text, type, ambiguous) => {
      const error = await errorOf(createApi(status, text).exec("SELECT 1"))
      expect(error).toBeInstanceOf(type)
      expect(error).toMatchObject({ ambiguous })
    },
  )
})

describe("requests without a response", () => {
  const createFailingApi = (error: unknown) =>
    createDataApi({
      ...credentials,
      url: "https://db.example.com",
      fetch: async () => {
        throw error
      },
    })

  test.each<[string, unknown, string, boolean]>([
    ["an error named TimeoutError", Object.assign(new Error("x"), { name: "TimeoutError" }), "timeout", true],
    ["a message about a timeout", new Error("Fetch request exceeded 2000 ms"), "timeout", true],
    [
      "ECONNREFUSED in its cause",
      new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }),
      "connection_failed",
      false,
    ],
    ["the code ENOTFOUND", Object.assign(new Error(), { code: "ENOTFOUND" }), "connection_failed", false],
    [
      "ECONNRESET in its cause",
      new TypeError("fetch failed", { cause: { code: "ECONNRESET" } }),
      "connection_lost",
      true,
    ],
    ["an error without a code", new TypeError("fetch failed"), "connection_lost", true],
    ["a thrown string", "hunter2", "connection_lost", true],
  ])("A request that fails with %s is rejected with a DeliveryError", async (_, thrown, code, ambiguous) => {
    await expect(createFailingApi(thrown).exec("SELECT 1")).rejects.toMatchObject({
      name: "DeliveryError",
      code,
      ambiguous,
    })
  })

  test.each<[string, Fetch | undefined]>([
    ["the platform's fetch", undefined],
    ["undiciFetch", undici],
  ])("A call to a silent server times out with %s", async (_, fetch) => {
    const silent = createServer(() => {})
    await new Promise<void>(resolve => silent.listen(0, "127.0.0.1", resolve))
    try {
      const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
      const call = createDataApi({ ...credentials, url, fetch, timeoutMs: 20 }).exec("SELECT 1")
      await expect(call).rejects.toMatchObject({ name: "DeliveryError", code: "timeout", ambiguous: true })
    } finally {
      silent.closeAllConnections()
      silent.close()
    }
  })
})

describe("confidential text", () => {
  const secrets = ["hunter2", Buffer.from("sink:hunter2").toString("base64"), "alice@example.com"]

  test.each([
    [
      400,
      "Error 1292 (22007): Incorrect datetime value: 'alice@example.com' for column 'timestamp' at row 3",
    ],
    [400, "Error 1062 (23000): Duplicate entry 'alice@example.com' for key 'PRIMARY'"],
    [400, "Error 9999: the quote of 'alice@example.com never ends"],
    [401, "Error 1045 (28000): Access denied for user 'sink'@'host' (using password: hunter2)"],
    [500, 'proxy saw "alice@example.com" and hunter2'],
    [403, 'blocked for "alice@example.com"'],
    [400, "Error 1062 (23000): Duplicate entry 'O'alice@example.com' for key 'PRIMARY'"],
    [400, "Error 1292 (22007): Incorrect datetime value: alice@example.com"],
    [400, "Error 9999 (HY000): don't say 'it's alice@example.com' aloud"],
    [400, 'Error 9999 (HY000): got "a\\"b alice@example.com"'],
    [400, "Error 9999 (HY000): got `alice@example.com`"],
    [400, "Error 1054 (42S22): Unknown column 'a' in 'alice@example.com'"],
    [500, `cannot decode ${Buffer.from("sink:hunter2").toString("base64")}`],
  ])("No secret and no value is in the error for status %i with the text %j", async (status, text) => {
    const api = createDataApi({
      ...{ url: "https://db.example.com", username: "sink", password: "hunter2", database: "events" },
      fetch: async () => ({ status, headers: {}, text: () => text }),
    })
    const error = await errorOf(api.exec("SELECT 1"))
    const shown = `${error} ${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)} ${error.stack}`
    for (const secret of secrets) expect(shown).not.toContain(secret)
  })

  test("An error message hides a password in plain, JSON and URL encoding", async () => {
    const password = 'pä  ss"word&'
    for (const encoded of [password, JSON.stringify(password), encodeURIComponent(password)]) {
      const api = createDataApi({
        ...{ url: "https://db.example.com", username: "sink", password, database: "events" },
        fetch: async () => ({ status: 500, headers: {}, text: () => `the proxy saw ${encoded} and gave up` }),
      })
      const { message } = await errorOf(api.exec("SELECT 1"))
      for (const part of ["ss", "word", "%22"]) expect(message.replace("password", "")).not.toContain(part)
    }
  })

  test("An error message shows the name of the unknown table", async () => {
    const text = "Error 1146 (42S02): Table 'events.nope' doesn't exist"
    expect((await errorOf(createApi(400, text).exec("SELECT 1"))).message).toContain(
      "Table 'events.nope' doesn",
    )
  })

  test.each([
    ["Error 1064 (42000): Leaf Error (leaf-3.internal:3306): syntax", "Leaf Error (…): syntax"],
    ["Error 1064 (42000): Leaf Error (leaf-3.internal.:3306): syntax", "Leaf Error (…): syntax"],
    ["Error 1064 (42000): Leaf Error (leaf:3306): syntax", "Leaf Error (…): syntax"],
    [
      "Error 2013 (HY000): lost connection to 10.1.2.3:3306 while reading",
      "lost connection to … while reading",
    ],
    ["node 10.1.2.3 is down", "node … is down"],
    ["cannot reach [fd00::1]:3306 now", "cannot reach … now"],
    ["cannot reach [fe80::1%eth0]:3306 now", "cannot reach … now"],
    ["cannot reach fe80::1:3306 now", "cannot reach … now"],
    ["lookup leaf-3 on 10.0.0.10:53: no such host", "lookup … on …: no such host"],
  ])("An error message hides the internal servers in %j", async (text, shown) => {
    const { message } = await errorOf(createApi(500, text).exec("SELECT 1"))
    expect(message).toContain(shown)
  })

  test("An error message keeps the name of a table and a line number", async () => {
    const text = "Error 1146 (42S02): Table 'events.nope' doesn't exist at line 3"
    const { message } = await errorOf(createApi(400, text).exec("SELECT 1"))
    expect(message).toContain("Table 'events.nope' doesn't exist at line 3")
  })

  test.each([
    [
      "a quote that is longer than the shown text",
      `Error 9999 (HY000): bad 'a' in '${"SECRET ".repeat(400)}' of x`,
    ],
    ["an unterminated quote", "Error 1064 (42000): near 'it' and \"SECRET"],
    ["typographic quotes", "Error 9999 (HY000): bad “SECRET” «SECRET» ‘SECRET’"],
    ["quotes after a shown name", "Error 1054 (42S22): Unknown column 'a' in 'SECRET and 'SECRET'"],
  ])("An error message hides values in %s", async (_, text) => {
    expect((await errorOf(createApi(400, text).exec("SELECT 1"))).message).not.toContain("SECRET")
  })

  test.each<[string, (password: string) => string]>([
    ["Go's escaped JSON", () => "p\\u003c\\u0026\\u003ew"],
    ["HTML", () => "p&lt;&amp;&gt;w"],
    ["a URL component with lowercase hex digits", () => "p%3c%26%3ew"],
    ["base64url without padding", password => Buffer.from(`sink:${password}`).toString("base64url")],
  ])("An error message hides a password that is encoded as %s", async (_, write) => {
    const password = "p<&>w"
    const encoded = write(password)
    const api = createDataApi({
      ...{ url: "https://db.example.com", username: "sink", password, database: "events" },
      fetch: async () => ({ status: 500, headers: {}, text: () => `who is ${encoded} here` }),
    })
    const { message } = await errorOf(api.exec("SELECT 1"))
    expect(message).not.toContain(encoded)
  })

  test("An error message hides the start of a secret at the end of a truncated response", async () => {
    const token = "abcdefghij".repeat(20)
    const api = createDataApi({
      ...{ url: "https://db.example.com", token, database: "events" },
      fetch: async () => ({
        status: 500,
        headers: {},
        isTruncated: true,
        text: () => `who is ${token.slice(0, 150)}`,
      }),
    })
    expect((await errorOf(api.exec("SELECT 1"))).message).not.toContain("abcdefghij")
  })

  test("An error message shows the text of the server shortened and on one line", async () => {
    const error = await errorOf(createApi(400, `odd\n${"x".repeat(20_000)}`).exec("SELECT 1"))
    expect(error.message.length).toBeLessThan(600)
    expect(error.message).not.toContain("\n")
  })
})

test("All invalid options are reported at once, without their values", () => {
  const options = { url: "ftp://hunter2", username: "", password: undefined, database: "", timeoutMs: 0.5 }
  const open = () => createDataApi(options as unknown as DataApiOptions)
  expect(open).toThrow(ConfigError)
  for (const part of ["`url` must", "`username` or", "`password` or", "`database` must", "`timeoutMs` must"])
    expect(open).toThrow(part)
  expect(open).not.toThrow("hunter2")
})

test("A value that the database rejects is reported as an EventError", async () => {
  const failure = createApi(400, "Error 1366 (HY000): Incorrect integer value").exec("SELECT 1")
  await expect(failure).rejects.toBeInstanceOf(EventError)
})
