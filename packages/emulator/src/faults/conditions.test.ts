import { expect, test } from "vitest"
import { startClient } from "../testing/client.ts"

const table = "CREATE TABLE t (id INT, name TEXT)"
const insert = "INSERT INTO t VALUES (1, 'a')"

test("A body limit refuses larger bodies with the server's text or with the page of a proxy", async () => {
  const { emulator, exec } = await startClient({}, table)
  const handle = await emulator.injectFault({ kind: "body_limit", maxBytes: 200 })
  expect((await exec(insert)).status).toBe(200)
  expect(await exec(insert.padEnd(200))).toEqual({
    status: 400,
    text: "Error reading request body: http: request body too large",
  })
  handle.stop()
  await emulator.injectFault({ kind: "body_limit", maxBytes: 200, status: 413 })
  expect(await exec(insert.padEnd(200))).toEqual({ status: 413, text: expect.stringMatching(/^<html>/) })
  emulator.clearFaults()
  expect((await exec(insert.padEnd(200))).status).toBe(200)
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(2)
})

test("A body limit above the option maxBytes has no effect", async () => {
  const { emulator, exec } = await startClient({ maxBytes: 100 }, table)
  await emulator.injectFault({ kind: "body_limit", maxBytes: 1_000 })
  expect((await exec(insert.padEnd(100))).text).toContain("too large")
  expect(emulator.requests.at(-1)?.fault).toBeUndefined()
})

test("An INSERT with a bad row is refused as a whole, and its good rows can be stored without it", async () => {
  const { emulator, exec } = await startClient({}, table)
  const handle = await emulator.injectFault({ kind: "reject_rows", containing: "poison" })
  const three = "INSERT INTO t (id, name) VALUES (?, ?), (?, 'b'), (3, ?)"
  expect(await exec(three, [1, "a", 2, "some poison"])).toEqual({
    status: 400,
    text: "Error 1366 (HY000): Incorrect ? value: '?' for column '?' at row 3",
  })
  expect((await exec("INSERT INTO t VALUES (4, 'poison')")).status).toBe(400)
  expect((await exec(three, [1, "a", 2, "c"])).text).toContain('"rowsAffected":3')
  expect((await exec("CREATE TABLE poison (id INT)")).status).toBe(200)
  expect((await exec("INSERT INTO poison SELECT id FROM t")).status).toBe(200)
  expect(handle.fired).toBe(2)
  expect(emulator.requests[1]).toMatchObject({ status: 400, fault: "reject_rows" })
})

test("A row chosen by `every` is bad alone and among others", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.injectFault({ kind: "reject_rows", every: 4, body: "an unknown error", status: 500 })
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

test("A rejected row is not stored, even if another fault replaces the answer", async () => {
  const { emulator, attempt } = await startClient({}, table)
  await emulator.injectFault({ kind: "respond", status: 504, after: "commit" })
  await emulator.injectFault({ kind: "reject_rows", containing: "a", times: 1 })
  expect(await attempt(insert)).toBe(504)
  expect(emulator.requests.at(-1)).toMatchObject({ status: 504, fault: "respond" })
  expect(await attempt(insert)).toBe(200)
  expect(await emulator.query("SELECT * FROM t")).toHaveLength(1)
})
