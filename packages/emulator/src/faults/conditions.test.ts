import { expect, test, vi } from "vitest"
import { startClient } from "../testing/client.ts"

const table = "CREATE TABLE t (id INT, name TEXT)"
const insert = "INSERT INTO t VALUES (1, 'a')"

test("a recovering database refuses every statement with 2269, until it is over", async () => {
  const { emulator, exec, query } = await startClient({}, table)
  const handle = await emulator.fail({ kind: "recovering", milliseconds: 30 })
  const refusal = { status: 400, text: expect.stringMatching(/^Error 2269 \(HY000\): /) }
  expect(await exec(insert)).toEqual(refusal)
  expect(await query("SELECT * FROM t")).toEqual(refusal)
  await vi.waitFor(async () => expect((await exec(insert)).status).toBe(200), { interval: 5 })
  expect(handle.fired).toBeGreaterThanOrEqual(2)
  expect(emulator.requests[1]).toMatchObject({ status: 400, fault: "recovering" })
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(1)
})

test("a smaller body limit refuses in the server's words, or as a proxy does", async () => {
  const { emulator, exec } = await startClient({}, table)
  const handle = await emulator.fail({ kind: "body_limit", maxBytes: 200 })
  expect((await exec(insert)).status).toBe(200)
  expect(await exec(insert.padEnd(200))).toEqual({
    status: 400,
    text: "Error reading request body: http: request body too large",
  })
  handle.stop()
  await emulator.fail({ kind: "body_limit", maxBytes: 200, answer: 413 })
  expect(await exec(insert.padEnd(200))).toEqual({ status: 413, text: expect.stringMatching(/^<html>/) })
  emulator.mend()
  expect((await exec(insert.padEnd(200))).status).toBe(200)
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(2)
})

test("a body limit above the emulator's own changes nothing", async () => {
  const { emulator, exec } = await startClient({ maxBytes: 100 }, table)
  await emulator.fail({ kind: "body_limit", maxBytes: 1_000 })
  expect((await exec(insert.padEnd(100))).text).toContain("too large")
  expect(emulator.requests.at(-1)?.fault).toBeUndefined()
})

test("a changed password refuses every statement with 1045, and mend changes it back", async () => {
  const { emulator, exec, query, send } = await startClient({}, table)
  await emulator.fail({ kind: "wrong_password" })
  const refusal = { status: 401, text: expect.stringMatching(/^Error 1045 /) }
  expect(await exec(insert)).toEqual(refusal)
  expect(await query("SELECT 1")).toEqual(refusal)
  expect((await send("/ping")).status).toBe(200)
  expect(await emulator.query("SELECT * FROM t")).toEqual([])
  emulator.mend()
  expect((await exec(insert)).status).toBe(200)
})

test("an INSERT with a bad row is refused as a whole, and the good rows go without it", async () => {
  const { emulator, exec } = await startClient({}, table)
  const handle = await emulator.fail({ kind: "refuse_rows", containing: "poison" })
  const three = "INSERT INTO t (id, name) VALUES (?, ?), (?, 'b'), (3, ?)"
  expect(await exec(three, [1, "a", 2, "some poison"])).toEqual({
    status: 400,
    text: "Error 1366 (HY000): Incorrect value for column 'properties' at row 3",
  })
  expect((await exec("INSERT INTO t VALUES (4, 'poison')")).status).toBe(400)
  expect((await exec(three, [1, "a", 2, "c"])).text).toContain('"rowsAffected":3')
  expect((await exec("CREATE TABLE poison (id INT)")).status).toBe(200)
  expect(handle.fired).toBe(2)
  expect(emulator.requests[1]).toMatchObject({ status: 400, fault: "refuse_rows" })
})

test("one row in so many is bad, alone as among others", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.fail({ kind: "refuse_rows", every: 4, text: "a wholly new error", status: 500 })
  const ids = Array.from({ length: 200 }, (_, id) => id)
  const alone = await Promise.all(ids.map(id => attempt("INSERT INTO t VALUES (?, 'x')", [id])))
  const good = ids.filter((_, index) => alone[index] === 200)
  expect(new Set(alone)).toEqual(new Set([200, 500]))
  expect(good.length).toBeGreaterThan(120)
  expect(good.length).toBeLessThan(180)
  const many = (chosen: number[]) =>
    attempt(`INSERT INTO t VALUES ${chosen.map(() => "(?, 'x')").join(", ")}`, chosen)
  expect(await many(good)).toBe(200)
  expect(await many(ids)).toBe(500)
})

test("what a condition refuses is not stored, and a fault still decides what its client sees", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.fail({ kind: "commit_then", answer: 504 })
  await emulator.fail({ kind: "refuse_rows", containing: "a", times: 1 })
  expect(await attempt(insert)).toBe(504)
  expect(emulator.requests.at(-1)).toMatchObject({ status: 504, fault: "commit_then" })
  expect(await attempt(insert)).toBe(200)
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(1)
})
