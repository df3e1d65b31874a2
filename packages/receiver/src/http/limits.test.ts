import { once } from "node:events"
import { connect } from "node:net"
import { expect, test } from "vitest"
import { eventOf, send, startReceiver, toBasic, writeKey } from "../testing/receiver.ts"

/** Sends text over a connection, and returns what the server answers until it closes it. */
async function exchange(url: string, text: string): Promise<{ answer: string; milliseconds: number }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let answer = ""
  socket.on("data", chunk => {
    answer += chunk
  })
  socket.on("error", () => {})
  const startedAt = performance.now()
  socket.write(text)
  await once(socket, "close")
  return { answer, milliseconds: performance.now() - startedAt }
}

test("A client that sends its request too slowly is closed in time", async () => {
  const { url } = await startReceiver({ requestTimeoutMs: 300 })
  const headers = await exchange(url, "POST /v1/track HTTP/1.1\r\nHost: x\r\n")
  const body = await exchange(url, "POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
  for (const { answer, milliseconds } of [headers, body]) {
    expect(answer).toMatch(/^(HTTP\/1\.1 408|$)/)
    expect(milliseconds).toBeLessThan(4_000)
  }
})

test("Malformed requests are answered 400 or 431 and closed", async () => {
  const { url } = await startReceiver()
  expect((await exchange(url, "GARBAGE\r\n\r\n")).answer).toMatch(/^HTTP\/1\.1 400/)
  const large = `POST /v1/track HTTP/1.1\r\nHost: x\r\nX-Large: ${"x".repeat(20_000)}\r\n\r\n`
  expect((await exchange(url, large)).answer).toMatch(/^HTTP\/1\.1 431/)
})

test("The calls of a key beyond its rate are answered 429 with Retry-After, and other keys are not", async () => {
  const { url } = await startReceiver({ maxCallsPerSecond: 3, writeKeys: [writeKey, "another-key"] })
  const call = (key: string, id: string) =>
    send(`${url}/v1/track`, JSON.stringify(eventOf(id)), { "x-write-key": key })
  const statuses = []
  for (let index = 0; index < 5; index++) statuses.push((await call(writeKey, `m${index}`)).status)
  expect(statuses.slice(0, 3)).toEqual([200, 200, 200])
  const last = await call(writeKey, "m5")
  expect([last.status, last.body.code, last.headers.get("retry-after")]).toEqual([429, "too_many_calls", "1"])
  expect((await call("another-key", "m6")).status).toBe(200)
})

test("A browser may call from the configured origins only", async () => {
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/v1/track`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,sentat",
      },
    })
  const { url } = await startReceiver({ cors: ["https://www.example.com"] })
  const allowed = await preflight(url, "https://www.example.com")
  expect(allowed.status).toBe(204)
  expect(allowed.headers.get("access-control-allow-origin")).toBe("https://www.example.com")
  expect(allowed.headers.get("access-control-allow-headers")).toBe("authorization,content-type,sentat")
  const refused = await preflight(url, "https://evil.example")
  expect(refused.headers.get("access-control-allow-origin")).not.toBe("https://evil.example")
  const { url: off } = await startReceiver()
  const none = await preflight(off, "https://www.example.com")
  expect([none.status, none.headers.get("access-control-allow-origin")]).toEqual([404, null])
})

test("X-Forwarded-For counts only if its proxy is trusted, and no address is recorded if that is off", async () => {
  const headers = { authorization: toBasic(writeKey), "x-forwarded-for": "203.0.113.7" }
  const expected = [
    [{}, "127.0.0.1"],
    [{ trustProxy: "127.0.0.1" }, "203.0.113.7"],
    [{ recordIp: false }, undefined],
  ] as const
  for (const [options, ip] of expected) {
    const { url, rows } = await startReceiver(options)
    await send(`${url}/v1/track`, JSON.stringify(eventOf("m1", { context: {} })), headers)
    expect(await rows()).toMatchObject([{ context: ip === undefined ? {} : { ip } }])
  }
})
