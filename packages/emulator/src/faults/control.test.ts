import { expect, test } from "vitest"
import { authorization, startClient } from "../testing/client.ts"

const insert = "INSERT INTO t VALUES (1)"

async function start() {
  const client = await startClient({}, "CREATE TABLE t (id INT)")
  const control = async (method: string, path = "", fault?: unknown) => {
    const response = await client.send(`/_emulator/faults${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(fault !== undefined && { body: typeof fault === "string" ? fault : JSON.stringify(fault) }),
    })
    const text = await response.text()
    return [response.status, text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text]
  }
  return { ...client, control }
}

test("faults are made, listed and stopped over HTTP", async () => {
  const { attempt, control, emulator } = await start()
  const reset = { kind: "reset", at: "start" }
  const status = { kind: "status", status: 503, times: "always" }
  expect(await control("POST", "", reset)).toEqual([201, { id: 1 }])
  expect(await control("POST", "", status)).toEqual([201, { id: 2 }])
  expect([await attempt(insert), await attempt(insert)]).toEqual(["ECONNRESET", 503])
  expect(await control("GET")).toEqual([
    200,
    [
      { id: 1, fault: reset, fired: 1, active: false },
      { id: 2, fault: status, fired: 1, active: true },
    ],
  ])
  expect(await control("DELETE", "/2")).toEqual([204, ""])
  expect(await attempt(insert)).toBe(200)
  await control("POST", "", status)
  await control("DELETE")
  expect(await attempt(insert)).toBe(200)
  expect(emulator.requests).toHaveLength(5)
})

test("the control takes the original password while every statement is refused", async () => {
  const { attempt, control } = await start()
  await control("POST", "", { kind: "wrong_password" })
  await control("POST", "", { kind: "status", status: 503, times: "always", on: "any" })
  expect(await attempt(insert)).toBe(503)
  expect(await control("DELETE", "/2")).toEqual([204, ""])
  expect(await attempt(insert)).toBe(401)
  expect(await control("DELETE", "/1")).toEqual([204, ""])
  expect(await attempt(insert)).toBe(200)
})

test.each([
  ["POST", "", '{"kind":', 400, "A fault must be JSON."],
  ["POST", "", { kind: "hang", times: 0 }, 400, '"times" of a fault "hang" must be "always" or'],
  ["POST", "", { kind: "drop_table", table: "nope" }, 400, "Error 1051"],
  ["DELETE", "/7", undefined, 404, "There is no fault 7."],
  ["DELETE", "/x", undefined, 404, "404 page not found"],
  ["PUT", "", undefined, 405, "Method Not Allowed"],
  ["GET", "/1", undefined, 405, "Method Not Allowed"],
])("%s of faults%s with %j is refused with its reason", async (method, path, fault, status, reason) => {
  const { control } = await start()
  expect(await control(method, path, fault)).toEqual([status, expect.stringContaining(reason)])
})

test("the control asks for credentials and for JSON", async () => {
  const { send } = await start()
  const body = JSON.stringify({ kind: "hang" })
  const statuses = [
    (await send("/_emulator/faults")).status,
    (await send("/_emulator/faults", { headers: { authorization: "Basic eDp5" } })).status,
    (await send("/_emulator/faults", { method: "POST", headers: { authorization }, body })).status,
  ]
  expect(statuses).toEqual([401, 401, 415])
})
