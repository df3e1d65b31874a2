import { once } from "node:events"
import { connect } from "node:net"
import { expect, onTestFinished, test, vi } from "vitest"
import { authorization, startClient } from "../testing/client.ts"
import type { Fault } from "./fault.ts"

const table = "CREATE TABLE t (id INT)"
const insert = "INSERT INTO t VALUES (1)"
const post = {
  method: "POST",
  headers: { authorization, "content-type": "application/json" },
  body: JSON.stringify({ sql: insert, database: "events" }),
}

test.each([
  ["start", 0, 0],
  ["body", 0, 1_000_000],
  ["commit", 1, 1_000_000],
] as const)("A reset at the %s resets the connection, with %i rows stored", async (at, rows, atMost) => {
  const { emulator, attempt } = await startClient({ maxBytes: 2_000_000 }, table)
  await emulator.injectFault({ kind: "reset", at })
  expect(await attempt(insert.padEnd(999_000))).toMatch(/^(ECONNRESET|EPIPE)$/)
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(rows)
  const bytes = emulator.requests.at(-1)?.bytes ?? 0
  expect(bytes).toBeLessThanOrEqual(atMost)
  if (at === "body") expect(bytes).toBeGreaterThanOrEqual(499_000)
  expect(await attempt(insert)).toBe(200)
})

test("A reset in a body of unknown length comes after the first chunk", async () => {
  const { emulator, send } = await startClient({}, table)
  await emulator.injectFault({ kind: "reset", at: "body" })
  const body = new ReadableStream({
    start: controller => controller.enqueue(Buffer.from(post.body.slice(0, 10))),
  })
  await expect(send("/api/v2/exec", { ...post, body, duplex: "half" } as RequestInit)).rejects.toThrow()
  expect(emulator.requests.at(-1)).toMatchObject({ bytes: 10, status: 0, fault: "reset" })
})

test("A hanging request is read and not answered until the emulator closes", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.injectFault({ kind: "hang" })
  const hanging = attempt(insert)
  await vi.waitFor(() => expect(emulator.requests.at(-1)?.fault).toBe("hang"), { interval: 2 })
  expect(emulator.requests.at(-1)).toMatchObject({ bytes: post.body.length, status: 0 })
  expect(await attempt("INSERT INTO t VALUES (2)")).toBe(200)
  expect(await emulator.query("SELECT id FROM t")).toEqual([{ id: 2 }])
  await emulator.close()
  expect(await hanging).toBe("UND_ERR_SOCKET")
})

test("A connection can be closed before or after the commit", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.injectFault({ kind: "disconnect" })
  expect(await attempt(insert)).toBe("UND_ERR_SOCKET")
  expect(await emulator.query("SELECT * FROM t")).toEqual([])
  await emulator.injectFault({ kind: "disconnect", after: "commit" })
  expect(await attempt(insert)).toBe("UND_ERR_SOCKET")
  expect(emulator.requests.at(-1)).toMatchObject({ status: 0, rowsAffected: 1, fault: "disconnect" })
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(1)
})

test("A request that hangs after the commit has stored its row", async () => {
  const { emulator, send } = await startClient({}, table)
  await emulator.injectFault({ kind: "hang", after: "commit" })
  const controller = new AbortController()
  const hanging = send("/api/v2/exec", { ...post, signal: controller.signal })
  await vi.waitFor(() => expect(emulator.requests.at(-1)?.fault).toBe("hang"), { interval: 2 })
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(1)
  controller.abort()
  await expect(hanging).rejects.toThrow("aborted")
})

test("A truncated answer has its status, and its body ends in the middle", async () => {
  const { emulator, send } = await startClient({}, table)
  await emulator.injectFault({ kind: "truncate" })
  const response = await send("/api/v2/exec", post)
  expect([response.status, response.headers.get("content-length")]).toEqual([200, null])
  await expect(response.text()).rejects.toThrow("terminated")
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(1)
})

test("Delayed headers delay the whole answer, after the statement has run", async () => {
  const { emulator, send } = await startClient({}, table)
  await emulator.injectFault({ kind: "delay", part: "headers", milliseconds: 30 })
  const start = performance.now()
  const response = await send("/api/v2/exec", post)
  expect(performance.now() - start).toBeGreaterThan(25)
  expect([response.status, await response.json()]).toEqual([200, { lastInsertId: 0, rowsAffected: 1 }])
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(1)
})

test("A delayed body arrives in pieces after its headers", async () => {
  const { emulator, send } = await startClient({}, table)
  await emulator.injectFault({ kind: "delay", part: "body", milliseconds: 40 })
  const response = await send("/api/v2/exec", post)
  const pieces: Uint8Array[] = []
  for await (const piece of response.body ?? []) pieces.push(piece)
  expect(pieces.length).toBeGreaterThan(1)
  expect(JSON.parse(Buffer.concat(pieces).toString())).toEqual({ lastInsertId: 0, rowsAffected: 1 })
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(1)
})

test("close does not wait for a delayed answer", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.injectFault({ kind: "delay", part: "headers", milliseconds: 60_000 })
  await emulator.injectFault({ kind: "delay", part: "body", milliseconds: 60_000 })
  const waiting = [attempt(insert), attempt(insert)]
  await vi.waitFor(() => expect(emulator.requests).toHaveLength(3), { interval: 2 })
  await emulator.close()
  expect((await Promise.all(waiting)).every(seen => typeof seen === "string")).toBe(true)
})

test.each<Fault>([
  { kind: "truncate" },
  { kind: "delay", part: "headers", milliseconds: 10 },
  { kind: "delay", part: "body", milliseconds: 10 },
])("The server keeps running if a client leaves while its statement runs, with the fault %j", async fault => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.injectFault(fault)
  const { socket, exchange } = openConnection(emulator.port)
  await once(socket, "connect")
  // The statement waits for these queries, but its client does not wait.
  const before = Promise.all(Array.from({ length: 20 }, () => emulator.query("SELECT * FROM t")))
  void exchange()
  await new Promise(resolve => socket.write("", resolve))
  socket.destroy()
  await before
  expect(await attempt(insert)).toBe(200)
})

test("A reset with reusedOnly hits only connections that have served a request", async () => {
  const { emulator } = await startClient({}, table)
  const handle = await emulator.injectFault({ kind: "reset", reusedOnly: true, times: 2 })
  const first = openConnection(emulator.port)
  expect([await first.exchange(), await first.exchange()]).toEqual(["HTTP/1.1 200 OK", "ECONNRESET"])
  const second = openConnection(emulator.port)
  expect([await second.exchange(), await second.exchange()]).toEqual(["HTTP/1.1 200 OK", "ECONNRESET"])
  const third = openConnection(emulator.port)
  expect([await third.exchange(), await third.exchange()]).toEqual(["HTTP/1.1 200 OK", "HTTP/1.1 200 OK"])
  expect(handle.fired).toBe(2)
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(4)
})

/** A connection that can send the INSERT several times. It returns the first line of each answer. */
function openConnection(port: number) {
  const socket = connect(port, "127.0.0.1")
  onTestFinished(() => void socket.destroy())
  const head = Object.entries({ host: "x", ...post.headers, "content-length": post.body.length })
  const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join("")
  const exchange = () =>
    new Promise<string | undefined>(resolve => {
      socket.removeAllListeners("data").removeAllListeners("error")
      socket.once("data", answer => resolve(answer.toString().split("\r\n")[0]))
      socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code))
      socket.write(`POST /api/v2/exec HTTP/1.1\r\n${lines}\r\n${post.body}`)
    })
  return { socket, exchange }
}
