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

test("all faults in force are kept, and of those that are over the newest 1,000", () => {
  const faults = createFaults(1)
  const first = faults.add({ kind: "status", status: 503, times: "always", on: "ping" })
  const stopped = faults.add({ kind: "hang" })
  faults.stop(stopped.id)
  for (let count = 0; count < 1_500; count++) {
    faults.add({ kind: "hang" })
    faults.strike(["hang"], "/api/v2/exec")
  }
  const last = faults.add({ kind: "hang" })
  const listed = faults.list()
  expect(listed.map(({ id }) => id)).toEqual([
    first.id,
    ...Array.from({ length: 1_000 }, (_, index) => 503 + index),
    last.id,
  ])
  expect(listed.filter(({ active }) => active).map(({ id }) => id)).toEqual([first.id, last.id])
  expect([faults.stop(stopped.id), faults.stop(first.id), faults.stop(503)]).toEqual([false, true, true])
})

test("of a fault that is not kept any more the count is still to be had", () => {
  const faults = createFaults(1)
  const entry = faults.add({ kind: "hang" })
  faults.strike(["hang"], "/api/v2/exec")
  for (let count = 0; count < 1_200; count++) faults.stop(faults.add({ kind: "hang" }).id)
  expect(faults.list().some(({ id }) => id === entry.id)).toBe(false)
  expect([entry.fired, entry.active]).toEqual([1, false])
})
