import { expect, test } from "vitest"
import { startClient } from "../testing/client.ts"
import type { Fault } from "./fault.ts"
import { createFaults } from "./faults.ts"

const table = "CREATE TABLE t (id INT)"
const insert = "INSERT INTO t VALUES (1)"

/** Whether a fault hits each of so many requests to exec. */
function draw(seed: number, fault: Fault, requests: number): boolean[] {
  const faults = createFaults(seed)
  faults.add(fault)
  return Array.from({ length: requests }, () => faults.take([fault.kind], "/api/v2/exec") !== undefined)
}

test("A fault hits one request, or `times` requests after `skip` requests", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.injectFault({ kind: "respond", status: 503, times: 2, skip: 1 })
  const seen = [await attempt(insert), await attempt(insert), await attempt(insert), await attempt(insert)]
  expect(seen).toEqual([200, 503, 503, 200])
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(2)
  const handle = await emulator.injectFault({ kind: "respond", status: 429 })
  expect([await attempt(insert), await attempt(insert)]).toEqual([429, 200])
  expect(handle.fired).toBe(1)
})

test("The oldest of several faults hits first", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.injectFault({ kind: "respond", status: 503 })
  await emulator.injectFault({ kind: "respond", status: 504 })
  expect([await attempt(insert), await attempt(insert), await attempt(insert)]).toEqual([503, 504, 200])
})

test("stop ends one fault and clearFaults ends all", async () => {
  const { emulator, attempt } = await startClient({}, table)
  const first = await emulator.injectFault({ kind: "respond", status: 503, times: "always" })
  await emulator.injectFault({ kind: "respond", status: 504, times: "always" })
  await emulator.injectFault({ kind: "body_limit", maxBytes: 1 })
  expect(await attempt(insert)).toBe(503)
  first.stop()
  expect(await attempt(insert)).toBe(504)
  emulator.clearFaults()
  expect(await attempt(insert)).toBe(200)
  expect(first.fired).toBe(1)
})

test.each([
  ["exec", [503, 200, 200]],
  ["query", [200, 503, 200]],
  ["ping", [200, 200, 503]],
  ["any", [503, 503, 200]],
] as const)("A fault on %s does not hit other endpoints", async (on, expected) => {
  const { emulator, attempt, query, send } = await startClient({}, table)
  await emulator.injectFault({ kind: "respond", status: 503, times: "always", on })
  const statuses = [await attempt(insert), (await query("SELECT 1")).status, (await send("/ping")).status]
  expect(statuses).toEqual(expected)
})

test("The same seed draws the same chance", () => {
  const fault: Fault = { kind: "hang", times: "always", chance: 0.25 }
  const hits = draw(1, fault, 1000)
  expect(draw(1, fault, 1000)).toEqual(hits)
  expect(draw(2, fault, 1000)).not.toEqual(hits)
  expect(Math.abs(hits.filter(hit => hit).length - 250)).toBeLessThan(50)
  expect(draw(1, { ...fault, chance: 0 }, 100)).not.toContain(true)
})

test("A log entry has the kind of its fault and the status of its answer", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.injectFault({ kind: "respond", status: 503 })
  await emulator.injectFault({ kind: "reset", at: "commit" })
  for (let request = 0; request < 3; request++) await attempt(insert)
  const [, ...seen] = emulator.requests
  expect(seen.map(({ status, fault, rowsAffected }) => [status, fault, rowsAffected])).toEqual([
    [503, "respond", undefined],
    [0, "reset", 1],
    [200, undefined, 1],
  ])
})

test("The count of a stopped fault can still be read", () => {
  const faults = createFaults(1)
  const handle = faults.add({ kind: "hang" })
  faults.take(["hang"], "/api/v2/exec")
  handle.stop()
  expect(faults.take(["hang"], "/api/v2/exec")).toBeUndefined()
  expect(handle.fired).toBe(1)
})
