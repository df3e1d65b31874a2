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
  [{ status: 503 }, "Service Unavailable", null],
  [{ status: 429, retryAfter: 7 }, "Too Many Requests", "7"],
  [
    { status: 503, retryAfter: "Wed, 21 Oct 2037 07:28:00 GMT" },
    "Service Unavailable",
    "Wed, 21 Oct 2037 07:28:00 GMT",
  ],
  [{ status: 500, text: "Error 1146 (42S02): Table 'events.t' doesn't exist" }, /^Error 1146/, null],
])("the answer %j comes in place of the statement", async (members, text, retryAfter) => {
  const { emulator, send } = await startClient({}, table)
  await emulator.fail({ kind: "status", ...members })
  const response = await send("/api/v2/exec", post)
  expect(response.status).toBe(members.status)
  expect(await response.text()).toEqual(typeof text === "string" ? text : expect.stringMatching(text))
  expect(response.headers.get("retry-after")).toBe(retryAfter)
  expect(await emulator.query("SELECT * FROM t")).toEqual([])
})

test.each([
  [
    { code: 1205 },
    { status: 400, text: "Error 1205 (HY000): Lock wait timeout exceeded; try restarting transaction" },
  ],
  [
    { code: 1712, status: 500 },
    { status: 500, text: expect.stringMatching(/^Error 1712 .*not processed\.$/) },
  ],
  [{ code: 4242 }, { status: 400, text: "Error 4242 (HY000): Unknown error" }],
  [
    { code: 2269, text: "soon" },
    { status: 400, text: "Error 2269 (HY000): soon" },
  ],
  [{ code: 1366 }, { status: 400, text: expect.stringMatching(/^Error 1366 .* at row 1$/) }],
])("the engine's error %j is put in its words, and nothing is stored", async (members, answer) => {
  const { emulator, exec } = await startClient({}, table)
  await emulator.fail({ kind: "engine_error", ...members })
  expect(await exec(insert)).toEqual(answer)
  expect(await emulator.query("SELECT * FROM t")).toEqual([])
})

test("a page comes where an answer should, and nothing is stored", async () => {
  const { emulator, send } = await startClient({}, table)
  await emulator.fail({ kind: "html" })
  const response = await send("/api/v2/exec", post)
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"])
  expect(await response.text()).toMatch(/^<!doctype html>.*<form/)
  await emulator.fail({ kind: "html", status: 502, text: "<h1>Bad Gateway</h1>" })
  const other = await send("/api/v2/exec", post)
  expect([other.status, await other.text()]).toEqual([502, "<h1>Bad Gateway</h1>"])
  expect(await emulator.query("SELECT * FROM t")).toEqual([])
})

test.each([
  [302, "GET", 0],
  [307, "POST", post.body.length],
] as const)(
  "a client that follows a redirect %i believes in a row that is nowhere",
  async (status, method, bytes) => {
    const { emulator, send } = await startClient({}, table)
    await emulator.fail({ kind: "redirect", status })
    const manual = await send("/api/v2/exec", { ...post, redirect: "manual" })
    expect(manual.status).toBe(status)
    expect(manual.headers.get("location")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v2\/exec$/)
    expect(manual.headers.get("location")).not.toContain(emulator.url)
    expect(emulator.redirected).toEqual([])

    await emulator.fail({ kind: "redirect", status })
    const followed = await send("/api/v2/exec", post)
    expect(await followed.json()).toEqual({ rowsAffected: 1, lastInsertId: 0 })
    // fetch leaves the header behind when it goes to another origin.
    expect(emulator.redirected).toEqual([
      { method, path: "/api/v2/exec", bytes, status: 200, authorization: false },
    ])
    await fetch(manual.headers.get("location") ?? "", { headers: { authorization } })
    expect(emulator.redirected[1]?.authorization).toBe(true)
    expect(await emulator.query("SELECT * FROM t")).toEqual([])
  },
)
