import type { Emulator } from "@singlesink/emulator"
import { expect, test } from "vitest"
import { runCommand } from "../testing/terminal.ts"
import { startInterceptor } from "./testing/interceptor.ts"
import { insertRows, readIds, readTable, readTableNames, startSegmentTable } from "./testing/segment-table.ts"

/** Every request in the long run, and every fourth otherwise. */
const step = process.env.SINGLESINK_KILLS === "all" ? 1 : 4

const args = ["migrate", "--yes", "--step-rows", "30"]

/** An error that ends the command at once: the server gets no further request, as if the process were killed. */
const kill = (emulator: Emulator, skip: number, isCommitted: boolean, on: "exec" | "any" = "any") =>
  emulator.injectFault({
    ...{ kind: "respond", engineCode: 1142, status: 403, skip, times: "always", on },
    ...(isCommitted && { after: "commit" as const }),
  })

test.each([
  ["before the statement runs", false],
  ["after the statement has run", true],
])(
  "A migration that ends at any of its requests, %s, continues, and stores every messageId once",
  async (_, isCommitted) => {
    const ids = Array.from({ length: 70 }, (_, id) => `m${id}`).sort()
    let points = 0
    for (let skip = isCommitted ? 0 : 2, isKilled = true; isKilled; skip += step) {
      const { emulator, env } = await startSegmentTable({ ids: 70, duplicates: 30 })
      const before = await readTable(emulator)
      const fault = await kill(emulator, skip, isCommitted)
      const first = await runCommand(args, { env })
      isKilled = fault.fired > 0
      if (isKilled) points++
      emulator.clearFaults()
      // No row is lost at any time.
      const names = await readTableNames(emulator)
      const old = names.includes("segment_data__old") ? "segment_data__old" : "segment_data"
      expect(await readTable(emulator, old)).toEqual(before)
      const second = await runCommand(args, { env })
      expect([second.exitCode, second.stderr]).toEqual([0, expect.any(String)])
      expect(await readTableNames(emulator)).toEqual(["segment_data", "segment_data__old"])
      expect(await readIds(emulator)).toEqual(ids)
      expect(await readTable(emulator, "segment_data__old")).toEqual(before)
      if (!isKilled) expect(first.exitCode).toBe(0)
      await emulator.close()
    }
    expect(points).toBeGreaterThan(30 / step)
  },
  120_000,
)

test("A migration that ends at a later request each time comes to its end", async () => {
  const { emulator, env } = await startSegmentTable({ ids: 70, duplicates: 30 })
  // Copies of a row in other steps.
  await insertRows(emulator, [4, 30, 60], id => `2026-01-01 00:${10 + id / 2}:30.000000`)
  let runs = 0
  for (let skip = 10, isKilled = true; isKilled; skip += 3, runs++) {
    const fault = await kill(emulator, skip, runs % 2 === 0)
    await runCommand(args, { env })
    isKilled = fault.fired > 0
    emulator.clearFaults()
  }
  expect(runs).toBeGreaterThan(5)
  expect(await readTableNames(emulator)).toEqual(["segment_data", "segment_data__old"])
  expect(await readIds(emulator)).toHaveLength(70)
}, 60_000)

test("A lost connection in a request does not end a migration", async () => {
  for (let skip = 1, isHit = true; isHit; skip += step) {
    const { emulator, env } = await startSegmentTable({ ids: 70, duplicates: 30 })
    const fault = await emulator.injectFault({ kind: "disconnect", after: "commit", skip })
    const { exitCode, stderr } = await runCommand(args, { env })
    isHit = fault.fired > 0
    expect([skip, exitCode, stderr]).toEqual([skip, 0, expect.any(String)])
    expect(await readIds(emulator)).toHaveLength(70)
    await emulator.close()
  }
}, 120_000)

test("A migration that continues copies only what is left", async () => {
  const { emulator, env } = await startSegmentTable({ ids: 100 })
  await kill(emulator, 6, true, "exec")
  await runCommand(["migrate", "--yes", "--step-rows", "10"], { env })
  emulator.clearFaults()
  const requests = emulator.requests.length
  const { stderr } = await runCommand(["migrate", "--yes", "--step-rows", "10"], { env })
  const copies = emulator.requests.slice(requests).filter(({ sql }) => sql?.startsWith("INSERT IGNORE"))
  expect(copies.every(({ rowsAffected }) => (rowsAffected ?? 0) > 0)).toBe(true)
  expect(stderr).toMatch(/ %\s+\d+ rows until .*: copied before/)
  expect(await readIds(emulator)).toHaveLength(100)
})

test("Rows that arrive before a request of a migration are in the new table", async () => {
  let writes = 0
  for (let at = 0, isOver = false; !isOver; at += step) {
    const { emulator, env } = await startSegmentTable({ ids: 40, duplicates: 10 })
    let isWritten = false
    isOver = true
    const url = await startInterceptor(emulator.url, async index => {
      if (index !== at) return
      isOver = false
      const names = await readTableNames(emulator)
      if (!names.includes("segment_data") || names.includes("segment_data__old")) return
      await insertRows(emulator, [1_000, 0])
      await insertRows(emulator, [1_001], () => "2020-01-01 00:00:00.000000")
      isWritten = true
      writes++
    })
    const { exitCode, stderr } = await runCommand(args, { env: { ...env, SINGLESTORE_URL: url } })
    expect([at, exitCode, stderr]).toEqual([at, 0, expect.any(String)])
    expect(await readIds(emulator)).toHaveLength(isWritten ? 42 : 40)
    await emulator.close()
  }
  expect(writes).toBeGreaterThan(20 / step)
}, 120_000)
