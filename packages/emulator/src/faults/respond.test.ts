import { expect, test } from "vitest"
import { authorization, startClient } from "../testing/client.ts"

const table = "CREATE TABLE t (id INT)"
const insert = "INSERT INTO t VALUES (1)"
const post = {
  method: "POST",
  headers: { authorization, "content-type": "application/json" },
  body: JSON.stringify({ sql: insert, database: "events" }),
}

test.each([
  [{ status: 503 }, 503, "Service Unavailable"],
  [{ status: 500, body: "Error 1146 (42S02): Table 'events.t' doesn't exist" }, 500, /^Error 1146/],
  [{ engineCode: 1205 }, 400, "Error 1205 (HY000): Lock wait timeout exceeded; try restarting transaction"],
  [{ engineCode: 1712, status: 500 }, 500, /^Error 1712 .*not processed\.$/],
  [{ engineCode: 4242 }, 400, "Error 4242 (HY000): Unknown error"],
  [{ engineCode: 1366 }, 400, "Error 1366 (HY000): Incorrect ? value: '?' for column '?' at row 1"],
])("A respond fault with %j replaces the statement", async (members, status, text) => {
  const { emulator, exec } = await startClient({}, table)
  await emulator.injectFault({ kind: "respond", ...members })
  const body = typeof text === "string" ? text : expect.stringMatching(text)
  expect(await exec(insert)).toEqual({ status, text: body })
  expect(await emulator.query("SELECT * FROM t")).toEqual([])
})

test("A respond fault sends its headers", async () => {
  const { emulator, send } = await startClient({}, table)
  await emulator.injectFault({ kind: "respond", status: 429, headers: { "Retry-After": "7", "x-a": "b" } })
  const { status, headers } = await send("/api/v2/exec", post)
  expect([status, headers.get("retry-after"), headers.get("x-a")]).toEqual([429, "7", "b"])
})

test("A body that starts with < is sent as HTML", async () => {
  const { emulator, send } = await startClient({}, table)
  await emulator.injectFault({ kind: "respond", status: 200, body: "<h1>Sign in</h1>" })
  const response = await send("/api/v2/exec", post)
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"])
  expect(await response.text()).toBe("<h1>Sign in</h1>")
  expect(await emulator.query("SELECT * FROM t")).toEqual([])
})

test("A respond fault after the commit hides a stored row", async () => {
  const { emulator, exec } = await startClient({}, table)
  await emulator.injectFault({ kind: "respond", status: 504, after: "commit" })
  expect(await exec(insert)).toEqual({ status: 504, text: "Gateway Timeout" })
  expect(emulator.requests.at(-1)).toMatchObject({ status: 504, rowsAffected: 1, fault: "respond" })
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(1)
})

test("A respond fault with a duration hits every request until it ends", async () => {
  const { emulator, exec, query, attempt } = await startClient({}, table)
  const handle = await emulator.injectFault({ kind: "respond", engineCode: 2269, milliseconds: 300 })
  const refusal = { status: 400, text: expect.stringMatching(/^Error 2269 \(HY000\): /) }
  expect(await exec(insert)).toEqual(refusal)
  expect(await query("SELECT * FROM t")).toEqual(refusal)
  await expect.poll(() => attempt(insert), { interval: 20, timeout: 5_000 }).toBe(200)
  expect(handle.fired).toBeGreaterThanOrEqual(2)
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(1)
})

test.each([
  [302, "GET", 0],
  [307, "POST", post.body.length],
] as const)(
  "A client that follows a redirect with status %i reaches the second server and stores nothing",
  async (status, method, bytes) => {
    const { emulator, send } = await startClient({}, table)
    await emulator.injectFault({ kind: "respond", status, times: 2 })
    const manual = await send("/api/v2/exec", { ...post, redirect: "manual" })
    expect(manual.status).toBe(status)
    expect(manual.headers.get("location")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v2\/exec$/)
    expect(manual.headers.get("location")).not.toContain(emulator.url)
    expect(emulator.redirected).toEqual([])

    const followed = await send("/api/v2/exec", post)
    expect(await followed.json()).toEqual({ rowsAffected: 1, lastInsertId: 0 })
    // fetch drops the header when the origin changes.
    expect(emulator.redirected).toEqual([
      { method, path: "/api/v2/exec", bytes, status: 200, authorization: false },
    ])
    await fetch(manual.headers.get("location") ?? "", { headers: { authorization } })
    expect(emulator.redirected[1]?.authorization).toBe(true)
    expect(await emulator.query("SELECT * FROM t")).toEqual([])
  },
)

test("A Location header of the fault replaces the second server", async () => {
  const { emulator, send } = await startClient({}, table)
  await emulator.injectFault({ kind: "respond", status: 302, headers: { Location: "/login" } })
  const { headers } = await send("/api/v2/exec", { ...post, redirect: "manual" })
  expect(headers.get("location")).toBe("/login")
})
