import { expect, test } from "vitest"
import { startClient } from "../testing/client.ts"

const table = "CREATE TABLE t (id INT)"
const insert = "INSERT INTO t VALUES (1)"

test("a dropped table is gone for the next request", async () => {
  const { emulator, exec } = await startClient({}, table)
  const handle = await emulator.fail({ kind: "drop_table", table: "t" })
  expect(handle.fired).toBe(1)
  expect((await exec(insert)).text).toMatch(/^Error 1146 /)
  await expect(emulator.fail({ kind: "drop_table", table: "t" })).rejects.toThrow(
    "The fault \"drop_table\" cannot be done: Error 1051 (42S02): Unknown table 't'",
  )
})

test("requests see a table or its successor, and never none", async () => {
  const { emulator, attempt } = await startClient({ databases: ["events", "other"] }, table)
  const attempts = Array.from({ length: 10 }, () => attempt("INSERT INTO t (id) VALUES (1)"))
  await emulator.fail({ kind: "recreate_table", table: "t", sql: "CREATE TABLE t (id INT, more TEXT)" })
  expect(new Set(await Promise.all(attempts))).toEqual(new Set([200]))
  expect(await attempt("INSERT INTO t VALUES (1, 'x')")).toBe(200)
  const elsewhere = { kind: "recreate_table", table: "t", database: "other", sql: table } as const
  await emulator.fail(elsewhere)
  expect(await emulator.query("SHOW TABLES", [], { database: "other" })).toHaveLength(1)
})

test.each([
  ["no SQL", "NONSENSE", "Error 1064"],
  ["another statement", "DROP TABLE t", '"sql" must be the CREATE TABLE of t in events.'],
  ["another table", "CREATE TABLE u (id INT)", '"sql" must be the CREATE TABLE of t in events.'],
  ["a table that cannot be", "CREATE TABLE t (id INT, id INT)", "Error 1060"],
])("a table stays where its successor is %s", async (_title, sql, reason) => {
  const { emulator, attempt } = await startClient({}, table)
  await expect(emulator.fail({ kind: "recreate_table", table: "t", sql })).rejects.toThrow(reason)
  expect(await attempt(insert)).toBe(200)
})
