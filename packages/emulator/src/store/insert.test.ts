import { expect, test } from "vitest"
import { startClient } from "../testing/client.ts"

const keyed = "CREATE TABLE t (id TEXT NOT NULL, n INT, SHARD KEY (id), UNIQUE KEY (id) USING HASH)"

test("rowsAffected counts the rows of an INSERT with literals and placeholders", async () => {
  const { exec, rows } = await startClient({}, keyed)
  expect((await exec("INSERT INTO t (n, id) VALUES (?, 'a'), (-2, ?);", [1, "b"])).text).toBe(
    '{"lastInsertId":0,"rowsAffected":2}',
  )
  expect(await rows("SELECT * FROM t ORDER BY id")).toEqual([
    { id: "a", n: 1 },
    { id: "b", n: -2 },
  ])
})

test("INSERT IGNORE keeps the first row of each key and counts stored rows only", async () => {
  const { exec, rows } = await startClient({}, keyed, "INSERT INTO t VALUES ('a', 0)")
  const { text } = await exec("INSERT IGNORE INTO t VALUES ('a', 1), ('b', 2), ('b', 3), ('B', 4), ('b ', 5)")
  expect(text).toBe('{"lastInsertId":0,"rowsAffected":3}')
  expect(await rows("SELECT * FROM t ORDER BY id")).toEqual([
    { id: "B", n: 4 },
    { id: "a", n: 0 },
    { id: "b", n: 2 },
    { id: "b ", n: 5 },
  ])
})

test("INSERT IGNORE into a table without keys stores everything", async () => {
  const { exec } = await startClient({}, "CREATE TABLE t (id INT)")
  expect((await exec("INSERT IGNORE INTO t VALUES (1), (1)")).text).toContain('"rowsAffected":2')
})

test.each([
  ["a key in the table", "('b', 1), ('a', 2)", "Error 1062 (23000): Duplicate entry 'a' for key 'id'"],
  [
    "a key earlier in the statement",
    "('b', 1), ('c', 2), ('b', 3)",
    "Error 1062 (23000): Duplicate entry 'b' for key 'id'",
  ],
  [
    "a bad value",
    "('b', 1), ('c', 'x')",
    "Error 1366 (HY000): Incorrect integer value: 'x' for column 'n' at row 2",
  ],
])("An INSERT with %s stores nothing", async (_title, values, text) => {
  const { exec, rows } = await startClient({}, keyed, "INSERT INTO t VALUES ('a', 0)")
  expect(await exec(`INSERT INTO t VALUES ${values}`)).toEqual({ status: 400, text })
  expect(await rows("SELECT id FROM t")).toEqual([{ id: "a" }])
  expect((await exec("INSERT INTO t VALUES ('b', 1)")).status).toBe(200)
})

test("A key of several columns is named with all its values, and NULL does not equal NULL", async () => {
  const { exec } = await startClient({}, "CREATE TABLE t (a INT, b TEXT, UNIQUE KEY both (a, b))")
  expect((await exec("INSERT INTO t VALUES (1, 'x'), (1, 'y'), (1, NULL), (1, NULL)")).status).toBe(200)
  expect((await exec("INSERT INTO t VALUES (1, 'x')")).text).toBe(
    "Error 1062 (23000): Duplicate entry '1-x' for key 'both'",
  )
})

test("A key can have the names of the emulator's own SQL", async () => {
  const { exec } = await startClient(
    {},
    "CREATE TABLE given (`row` INT, value INT, k0 INT, UNIQUE KEY (`row`, k0, value))",
  )
  expect((await exec("INSERT INTO given VALUES (1, 2, 3), (1, 2, 4), (1, 2, 3)")).text).toContain(
    "Duplicate entry '1-2-3'",
  )
})

test("INSERT IGNORE refuses values of a wrong type", async () => {
  const { exec } = await startClient({}, keyed)
  expect((await exec("INSERT IGNORE INTO t VALUES ('a', 'x')")).text).toMatch(/^Error 1366/)
})

test("Keys of the largest TEXT are distinct", async () => {
  const { exec } = await startClient({}, keyed)
  const long = "x".repeat(65_534)
  const sql = "INSERT IGNORE INTO t (id) VALUES (?), (?), (?)"
  expect((await exec(sql, [`${long}1`, `${long}2`, `${long}1`])).text).toContain('"rowsAffected":2')
})

test.each([
  ["INSERT INTO t VALUES (1)", "Error 1136 (21S01): Column count doesn't match value count at row 1"],
  [
    "INSERT INTO t (id, n) VALUES ('a', 1), ('b')",
    "Error 1136 (21S01): Column count doesn't match value count at row 2",
  ],
  ["INSERT INTO t (id, nope) VALUES ('a', 1)", "Error 1054 (42S22): Unknown column 'nope' in 'field list'"],
  ["INSERT INTO t (id, ID) VALUES ('a', 1)", "Error 1110 (42000): Column 'ID' specified twice"],
  ["INSERT INTO t (n) VALUES (1)", "Error 1364 (HY000): Field 'id' doesn't have a default value"],
  ["INSERT INTO t VALUES (DEFAULT, 1)", "Error 1364 (HY000): Field 'id' doesn't have a default value"],
  ["INSERT INTO t VALUES (NULL, 1)", "Error 1048 (23000): Column 'id' cannot be null"],
  ["INSERT INTO nope VALUES (1)", "Error 1146 (42S02): Table 'events.nope' doesn't exist"],
  ["INSERT INTO nope.t VALUES (1)", "Error 1049 (42000): Unknown database 'nope'"],
])("The statement %s is refused", async (sql, text) => {
  const { exec } = await startClient({}, keyed)
  expect(await exec(sql)).toEqual({ status: 400, text })
})

test("A missing column, or one with DEFAULT, has its default or NULL", async () => {
  const { rows } = await startClient(
    {},
    "CREATE TABLE t (id INT, a TEXT NOT NULL DEFAULT 'x', b INT DEFAULT 7, c JSON)",
    "INSERT INTO t (id, a) VALUES (1, DEFAULT), (2, 'y')",
  )
  expect(await rows("SELECT * FROM t ORDER BY id")).toEqual([
    { id: 1, a: "x", b: 7, c: null },
    { id: 2, a: "y", b: 7, c: null },
  ])
})

test("5,000 rows of three placeholders are stored within a second", async () => {
  const { exec } = await startClient({}, "CREATE TABLE t (a INT, b TEXT, c JSON)")
  const sql = `INSERT INTO t VALUES ${Array(5000).fill("(?, ?, ?)").join(", ")}`
  const args = Array.from({ length: 5000 }, (_, index) => [index, `b${index}`, { index }]).flat()
  const started = performance.now()
  expect((await exec(sql, args)).text).toContain('"rowsAffected":5000')
  expect(performance.now() - started).toBeLessThan(1000)
})
