import { connect } from "node:net"
import { expect, test } from "vitest"
import { authorization, startClient } from "../testing/client.ts"

const json = { authorization, "content-type": "application/json" }

test("ping answers pong without credentials", async () => {
  const { send } = await startClient()
  const response = await send("/ping")
  expect([response.status, await response.text()]).toEqual([200, "pong"])
})

test("exec answers with lastInsertId and rowsAffected at the top level", async () => {
  const { send } = await startClient()
  const body = JSON.stringify({ sql: "CREATE DATABASE shop" })
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
  ["an unknown path", "/api/v2/nope", { method: "POST" }, 404, null],
  ["a name that every object has", "/constructor", { method: "POST" }, 404, null],
  ["GET of exec", "/api/v2/exec", {}, 405, "POST"],
  ["POST to ping", "/ping", { method: "POST" }, 405, "GET"],
])("%s is refused", async (_title, path, init, status, allow) => {
  const { send } = await startClient()
  const response = await send(path, init)
  expect([response.status, response.headers.get("allow")]).toEqual([status, allow])
})

test("a request without credentials is asked for Basic ones", async () => {
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
])("%s is answered in kind", async (_title, header, status) => {
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
])("the content type %s gets %i", async (type, status) => {
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
  ["no sql", "{}", '"sql" is missing'],
  ["a number for sql", '{"sql":1}', '"sql" must be a string'],
  ["an object for args", '{"sql":"SELECT 1","args":{}}', '"args" must be an array'],
  ["null for the database", '{"sql":"SELECT 1","database":null}', '"database" must be a string'],
  ["an unknown member", '{"sql":"SELECT 1","arguments":[]}', 'unknown member "arguments"'],
  ["a number past a double", '{"sql":"SELECT ?","args":[1e999]}', "out of the range"],
])("a body with %s is refused with its fault", async (_title, body, fault) => {
  const { send } = await startClient()
  const response = await send("/api/v2/query/rows", { method: "POST", headers: json, body })
  expect(response.status).toBe(400)
  expect(response.headers.get("content-type")).toMatch(/^text\/plain/)
  expect(await response.text()).toContain(fault)
})

test("a body of exactly the limit passes, and one byte more does not, in bytes", async () => {
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

test("a chunked body is counted too, and a client that sends 3 MB can read the answer and go on", async () => {
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

test("the default limit is 1,000,000 bytes", async () => {
  const { send } = await startClient()
  const statuses = await Promise.all(
    [1_000_000, 1_000_001].map(async bytes => {
      const body = '{"sql":"SELECT 1"}'.padEnd(bytes)
      return (await send("/api/v2/query/rows", { method: "POST", headers: json, body })).status
    }),
  )
  expect(statuses).toEqual([200, 400])
})

test("every answered request is in the log", async () => {
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

test("an upload that breaks off and a request that is no HTTP leave the server up", async () => {
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

test("twenty requests at once store every row", async () => {
  const { exec, rows } = await startClient({}, "CREATE TABLE t (id INT)")
  const sends = Array.from({ length: 20 }, (_, id) => exec("INSERT INTO t VALUES (?), (?)", [id, id + 100]))
  expect(new Set((await Promise.all(sends)).map(({ status }) => status))).toEqual(new Set([200]))
  expect(await rows("SELECT COUNT(*) AS n FROM t")).toEqual([{ n: 40 }])
})
