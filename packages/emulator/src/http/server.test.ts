import { connect } from "node:net"
import { expect, test } from "vitest"
import { authorization, startClient } from "../testing/client.ts"

const json = { authorization, "content-type": "application/json" }

test("/ping answers pong without credentials", async () => {
  const { send } = await startClient()
  const response = await send("/ping")
  expect([response.status, await response.text()]).toEqual([200, "pong"])
})

test("exec answers with lastInsertId and rowsAffected at the top level", async () => {
  const { send } = await startClient()
  const body = JSON.stringify({ sql: "CREATE TABLE t (id INT)", database: "events" })
  const response = await send("/api/v2/exec", { method: "POST", headers: json, body })
  expect(response.headers.get("content-type")).toBe("application/json")
  expect(await response.text()).toBe('{"lastInsertId":0,"rowsAffected":0}')
})

test("query/rows answers with rows keyed by column name", async () => {
  const { query } = await startClient()
  expect(await query("SELECT 1 AS one, 'x' AS two")).toEqual({
    status: 200,
    text: '{"results":[{"rows":[{"one":1,"two":"x"}]}]}',
  })
})

test.each([
  ["an unknown path", "/api/v1/exec", { method: "POST" }, 404, null],
  ["the name of an object member", "/constructor", { method: "POST" }, 404, null],
  ["exec with GET", "/api/v2/exec", {}, 405, "POST"],
  ["ping with POST", "/ping", { method: "POST" }, 405, "GET"],
])("A request for %s is refused", async (_title, path, init, status, allow) => {
  const { send } = await startClient()
  const response = await send(path, init)
  expect([response.status, response.headers.get("allow")]).toEqual([status, allow])
})

test("A request without credentials gets 401 and a Basic challenge", async () => {
  const { send } = await startClient()
  const response = await send("/api/v2/exec", { method: "POST", body: "{}" })
  expect(response.status).toBe(401)
  expect(response.headers.get("www-authenticate")).toMatch(/^Basic /)
})

test.each([
  ["a wrong password", `Basic ${Buffer.from("jérôme:nope").toString("base64")}`, 401],
  ["a bearer token", "Bearer abc", 401],
  ["something that is not base64", "Basic §", 401],
  [
    "UTF-8 credentials with a colon in the password",
    `Basic ${Buffer.from("jérôme:a:ü🔑").toString("base64")}`,
    400,
  ],
])("A request with %s gets the matching status", async (_title, header, status) => {
  const { send } = await startClient({ username: "jérôme", password: "a:ü🔑" })
  const headers = { authorization: header.replace("§", "*"), "content-type": "application/json" }
  const response = await send("/api/v2/exec", { method: "POST", headers, body: "no JSON" })
  expect(response.status).toBe(status)
  expect(response.headers.get("www-authenticate")).toBe(null)
})

test.each([
  ["text/plain", 415],
  ["application/json-patch", 415],
  ["application/json; charset=utf-8", 200],
  ["Application/JSON", 200],
])("A request with the content type %s gets status %i", async (type, status) => {
  const { send } = await startClient()
  const headers = { authorization, "content-type": type }
  const body = JSON.stringify({ sql: "SELECT 1" })
  const response = await send("/api/v2/query/rows", { method: "POST", headers, body })
  expect(response.status).toBe(status)
  if (status === 415) expect(await response.text()).toContain("Content-Type")
})

test.each([
  ["no JSON", "{", "not JSON"],
  ["an array", "[]", "must be a JSON object"],
  ["no sql", "{}", '"sql" must be a string'],
  ["a number for sql", '{"sql":1}', '"sql" must be a string'],
  ["an object for args", '{"sql":"SELECT 1","args":{}}', '"args" must be an array'],
  ["null for the database", '{"sql":"SELECT 1","database":null}', '"database" must be a string'],
  ["an unknown member", '{"sql":"SELECT 1","arguments":[]}', 'unknown member "arguments"'],
  ["a number past a double", '{"sql":"SELECT ?","args":[1e999]}', "out of the range"],
])("A body with %s is refused with the reason", async (_title, body, reason) => {
  const { send } = await startClient()
  const response = await send("/api/v2/query/rows", { method: "POST", headers: json, body })
  expect(response.status).toBe(400)
  expect(response.headers.get("content-type")).toMatch(/^text\/plain/)
  expect(await response.text()).toContain(reason)
})

test("A body of exactly maxBytes passes, and one more byte is refused", async () => {
  const { send } = await startClient({ maxBytes: 100 })
  const post = async (padding: number) => {
    const body = `{"sql":"SELECT 'é'"}${" ".repeat(padding)}`
    const response = await send("/api/v2/query/rows", { method: "POST", headers: json, body })
    return [response.status, await response.text()]
  }
  const padding = 100 - Buffer.byteLength(`{"sql":"SELECT 'é'"}`)
  expect((await post(padding))[0]).toBe(200)
  expect(await post(padding + 1)).toEqual([400, "Error reading request body: http: request body too large"])
})

test("A client that sends 3 MB, also in chunks, can read the refusal and reuse the connection", async () => {
  const { send, emulator } = await startClient()
  const chunks = new ReadableStream({
    start(controller) {
      for (let index = 0; index < 48; index++) controller.enqueue(new Uint8Array(65_536).fill(32))
      controller.close()
    },
  })
  const chunked = { method: "POST", headers: json, body: chunks, duplex: "half" as const }
  for (const init of [chunked, { method: "POST", headers: json, body: " ".repeat(3_000_000) }]) {
    const response = await send("/api/v2/exec", init)
    expect([response.status, await response.text()]).toEqual([
      400,
      "Error reading request body: http: request body too large",
    ])
  }
  expect((await send("/ping")).status).toBe(200)
  expect(emulator.requests.map(({ bytes }) => bytes)).toEqual([3_145_728, 3_000_000, 0])
})

test("The default body limit is 1,000,000 bytes", async () => {
  const { send } = await startClient()
  const statuses = await Promise.all(
    [1_000_000, 1_000_001].map(async bytes => {
      const body = '{"sql":"SELECT 1"}'.padEnd(bytes)
      return (await send("/api/v2/query/rows", { method: "POST", headers: json, body })).status
    }),
  )
  expect(statuses).toEqual([200, 400])
})

test("The log has every answered request", async () => {
  const { emulator, exec } = await startClient({}, "CREATE TABLE t (id INT)")
  await exec("INSERT INTO t VALUES (?)", [7])
  await exec("NONSENSE")
  expect(emulator.requests.slice(1)).toEqual([
    {
      method: "POST",
      path: "/api/v2/exec",
      bytes: 65,
      status: 200,
      sql: "INSERT INTO t VALUES (?)",
      rowsAffected: 1,
    },
    { method: "POST", path: "/api/v2/exec", bytes: 38, status: 400, sql: "NONSENSE" },
  ])
})

test("The server keeps running after an aborted upload and after a request that is not HTTP", async () => {
  const { emulator, send } = await startClient()
  const raw = async (text: string) => {
    const socket = connect(emulator.port, emulator.host)
    const closed = new Promise(resolve => socket.once("close", resolve))
    socket.on("error", () => {})
    await new Promise<void>(resolve => socket.write(text, () => resolve()))
    socket.destroySoon()
    socket.resume()
    await closed
  }
  const head = `POST /api/v2/exec HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\n`
  await raw(`${head}content-length: 1000\r\n\r\n{"sql":`)
  await raw("nonsense\r\n\r\n")
  expect((await send("/ping")).status).toBe(200)
})

test("Twenty concurrent requests store every row", async () => {
  const { exec, rows } = await startClient({}, "CREATE TABLE t (id INT)")
  const sends = Array.from({ length: 20 }, (_, id) => exec("INSERT INTO t VALUES (?), (?)", [id, id + 100]))
  expect(new Set((await Promise.all(sends)).map(({ status }) => status))).toEqual(new Set([200]))
  expect(await rows("SELECT COUNT(*) AS n FROM t")).toEqual([{ n: 40 }])
})
