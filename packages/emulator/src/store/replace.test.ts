import { expect, test } from "vitest"
import { startClient } from "../testing/client.ts"

const keyed = "CREATE TABLE t (id TEXT NOT NULL, n INT, SHARD KEY (id), UNIQUE KEY (id) USING HASH)"

test("REPLACE counts one for a new row and two for one that takes the place of another", async () => {
  const { exec, rows } = await startClient({}, keyed, "INSERT INTO t VALUES ('a', 1), ('z', 9)")
  expect((await exec("REPLACE INTO t VALUES ('a', 2), (?, ?)", ["b", 3])).text).toContain('"rowsAffected":3')
  expect(await rows("SELECT * FROM t ORDER BY id")).toEqual([
    { id: "a", n: 2 },
    { id: "b", n: 3 },
    { id: "z", n: 9 },
  ])
})

test("of rows with one key in a REPLACE the last one stays", async () => {
  const { exec, rows } = await startClient({}, keyed, "INSERT INTO t VALUES ('a', 0)")
  expect((await exec("REPLACE INTO t VALUES ('a', 1), ('b', 2), ('a', 3), ('b', 4)")).text).toContain(
    '"rowsAffected":7',
  )
  expect(await rows("SELECT * FROM t ORDER BY id")).toEqual([
    { id: "a", n: 3 },
    { id: "b", n: 4 },
  ])
})

test("REPLACE removes every row that shares one of several keys, and NULL shares nothing", async () => {
  const { exec, rows } = await startClient(
    {},
    "CREATE TABLE t (a INT, b FLOAT, c INT, SHARD KEY (), UNIQUE KEY (a), UNIQUE KEY (b, c))",
    "INSERT INTO t VALUES (1, 0.1, 1), (2, 0.2, 2), (NULL, NULL, 3), (NULL, NULL, 3)",
  )
  expect((await exec("REPLACE INTO t VALUES (1, 0.2, 2), (NULL, NULL, 3)")).text).toContain(
    '"rowsAffected":4',
  )
  expect(await rows("SELECT a, c FROM t ORDER BY c, a")).toEqual([
    { a: 1, c: 2 },
    ...Array(3).fill({ a: null, c: 3 }),
  ])
  expect((await exec("REPLACE INTO t VALUES (7, 0.7, 7), (8, 0.70000000001, 7)")).text).toContain(
    '"rowsAffected":3',
  )
})

test("a REPLACE with a bad value changes nothing", async () => {
  const { exec, rows } = await startClient({}, keyed, "INSERT INTO t VALUES ('a', 1)")
  expect((await exec("REPLACE INTO t VALUES ('a', 2), ('b', 'x')")).text).toMatch(/^Error 1366/)
  expect(await rows("SELECT n FROM t")).toEqual([{ n: 1 }])
})

test("REPLACE into a table without keys is an INSERT", async () => {
  const { exec } = await startClient({}, "CREATE TABLE t (n INT)")
  expect((await exec("REPLACE INTO t VALUES (1), (1)")).text).toContain('"rowsAffected":2')
})
