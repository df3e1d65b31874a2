import { expect, test } from "vitest"
import { startClient } from "../testing/client.ts"

const setup = [
  "CREATE TABLE t (id TEXT NOT NULL, n INT, j JSON, UNIQUE KEY (id))",
  `INSERT INTO t VALUES ('a', 1, '{"x": 1}'), ('b', 2, '{"x": 2}'), ('c', 3, NULL), ('d', 4, NULL)`,
]

test.each([
  ["DELETE FROM t WHERE n > ? AND t.id <> 'd'", [1], 2, ["a", "d"]],
  ["DELETE FROM t WHERE j::%x = 2", [], 1, ["a", "c", "d"]],
  ["DELETE FROM t WHERE n IN (?, 9)", [4], 1, ["a", "b", "c"]],
  ["DELETE FROM t WHERE n > 9", [], 0, ["a", "b", "c", "d"]],
  ["DELETE FROM events.t", [], 4, []],
])("The statement %s with %j removes %i rows", async (sql, args, count, left) => {
  const { exec, emulator } = await startClient({}, ...setup)
  expect((await exec(sql, args)).text).toBe(`{"lastInsertId":0,"rowsAffected":${count}}`)
  expect((await emulator.query<{ id: string }>("SELECT id FROM t ORDER BY id")).map(({ id }) => id)).toEqual(
    left,
  )
})

test("DELETE with LIMIT removes at most that many rows, and frees their keys", async () => {
  const { exec, rows } = await startClient({}, ...setup)
  for (const count of [3, 1, 0]) {
    expect((await exec("DELETE FROM t LIMIT ?", [3])).text).toContain(`"rowsAffected":${count}`)
  }
  expect((await exec(setup[1] ?? "")).status).toBe(200)
  expect(await rows("SELECT COUNT(*) AS n FROM t")).toEqual([{ n: 4 }])
})

test.each([
  ["DELETE FROM nope", "Error 1146 (42S02): Table 'events.nope' doesn't exist"],
  ["DELETE FROM t WHERE nope = 1", "Error 1054 (42S22): Unknown column 'nope' in 'where clause'"],
  ["DELETE FROM t ORDER BY n", "near 'ORDER BY n'"],
  ["DELETE t FROM t", "near 'DELETE t FROM t'"],
  ["DELETE FROM t WHERE CAST(id AS SIGNED) = 1", "Error 1690 (22003)"],
])("The statement %s is refused", async (sql, text) => {
  const { exec, rows } = await startClient({}, ...setup)
  const reply = await exec(sql)
  expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(text)])
  expect(await rows("SELECT COUNT(*) AS n FROM t")).toEqual([{ n: 4 }])
})
