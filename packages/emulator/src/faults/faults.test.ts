import { expect, test } from "vitest"
import { startClient } from "../testing/client.ts"
import type { Fault } from "./fault.ts"
import { createFaults } from "./faults.ts"

const table = "CREATE TABLE t (id INT)"
const insert = "INSERT INTO t VALUES (1)"

/** What becomes of so many requests to exec. */
function draw(seed: number, fault: Fault, requests: number): boolean[] {
  const faults = createFaults(seed)
  faults.add(fault)
  return Array.from({ length: requests }, () => faults.strike([fault.kind], "/api/v2/exec") !== undefined)
}

test("a fault hits one request, or as many as it says, after those that it lets pass", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.fail({ kind: "status", status: 503, times: 2, after: 1 })
  const seen = [await attempt(insert), await attempt(insert), await attempt(insert), await attempt(insert)]
  expect(seen).toEqual([200, 503, 503, 200])
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(2)
  const handle = await emulator.fail({ kind: "status", status: 429 })
  expect([await attempt(insert), await attempt(insert)]).toEqual([429, 200])
  expect(handle.fired).toBe(1)
})

test("of several faults the first hits, and the next one when that is used up", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.fail({ kind: "status", status: 503 })
  await emulator.fail({ kind: "status", status: 504 })
  expect([await attempt(insert), await attempt(insert), await attempt(insert)]).toEqual([503, 504, 200])
})

test("stop ends one fault and mend ends all", async () => {
  const { emulator, attempt } = await startClient({}, table)
  const first = await emulator.fail({ kind: "status", status: 503, times: "always" })
  await emulator.fail({ kind: "status", status: 504, times: "always" })
  await emulator.fail({ kind: "wrong_password" })
  expect(await attempt(insert)).toBe(503)
  first.stop()
  expect(await attempt(insert)).toBe(504)
  emulator.mend()
  expect(await attempt(insert)).toBe(200)
  expect(first.fired).toBe(1)
})

test.each([
  ["exec", [503, 200, 200]],
  ["query", [200, 503, 200]],
  ["ping", [200, 200, 503]],
  ["any", [503, 503, 200]],
] as const)("a fault on %s leaves the others alone", async (on, expected) => {
  const { emulator, attempt, query, send } = await startClient({}, table)
  await emulator.fail({ kind: "status", status: 503, times: "always", on })
  const statuses = [await attempt(insert), (await query("SELECT 1")).status, (await send("/ping")).status]
  expect(statuses).toEqual(expected)
})

test("a chance is drawn the same for the same seed, and as often as it says", () => {
  const fault: Fault = { kind: "hang", times: "always", chance: 0.25 }
  const hits = draw(1, fault, 1000)
  expect(draw(1, fault, 1000)).toEqual(hits)
  expect(draw(2, fault, 1000)).not.toEqual(hits)
  expect(Math.abs(hits.filter(hit => hit).length - 250)).toBeLessThan(50)
  expect(draw(1, { ...fault, chance: 0 }, 100)).not.toContain(true)
})

test("a log entry names the fault that it met, and its status is what was answered", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.fail({ kind: "status", status: 503 })
  await emulator.fail({ kind: "reset", at: "committed" })
  for (let request = 0; request < 3; request++) await attempt(insert)
  const [, ...seen] = emulator.requests
  expect(seen.map(({ status, fault, rowsAffected }) => [status, fault, rowsAffected])).toEqual([
    [503, "status", undefined],
    [0, "reset", 1],
    [200, undefined, 1],
  ])
})
