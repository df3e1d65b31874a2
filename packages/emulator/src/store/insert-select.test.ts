import { expect, test } from "vitest"
import { startClient } from "../testing/client.ts"

const setup = [
  "CREATE TABLE source (id TEXT NOT NULL, at DATETIME(6), n BIGINT, d DECIMAL(10,2), f DOUBLE, day DATE, j JSON)",
  `INSERT INTO source VALUES
    ('a', '2024-01-02 03:04:05.6', 9223372036854775807, 1.5, 1e20, '2024-02-29', '{"b": [1], "a": "x"}'),
    ('b', NULL, NULL, NULL, NULL, NULL, NULL),
    ('b', '2024-01-01', -1, -2.25, 0.5, '2024-01-01', '"text"')`,
  "CREATE TABLE target (id TEXT NOT NULL, n BIGINT DEFAULT 7, SHARD KEY (id), UNIQUE KEY (id) USING HASH)",
]

test("INSERT … SELECT copies every type without loss", async () => {
  const definition =
    "(id TEXT NOT NULL, at DATETIME(6), n BIGINT, d DECIMAL(10,2), f DOUBLE, day DATE, j JSON)"
  const { exec, query } = await startClient({}, ...setup, `CREATE TABLE copy ${definition}`)
  expect((await exec("INSERT INTO copy SELECT * FROM source")).text).toBe(
    '{"lastInsertId":0,"rowsAffected":3}',
  )
  const read = (table: string) => query(`SELECT * FROM ${table} ORDER BY id, n`)
  expect(await read("copy")).toEqual(await read("source"))
})

test("INSERT IGNORE … SELECT keeps the first row of each key and counts stored rows", async () => {
  const { exec, rows } = await startClient({}, ...setup, "INSERT INTO target VALUES ('a', 0)")
  const sql = "INSERT IGNORE INTO target (id, n) SELECT id, n FROM source WHERE id <> ? ORDER BY n DESC"
  expect((await exec(sql, ["z"])).text).toBe('{"lastInsertId":0,"rowsAffected":1}')
  expect((await exec(sql, ["z"])).text).toContain('"rowsAffected":0')
  expect(await rows("SELECT * FROM target ORDER BY id")).toEqual([
    { id: "a", n: 0 },
    { id: "b", n: -1 },
  ])
})

test("INSERT … SELECT refuses a duplicate key and stores nothing", async () => {
  const { exec, rows } = await startClient({}, ...setup)
  expect((await exec("INSERT INTO target SELECT id, n FROM source")).text).toBe(
    "Error 1062 (23000): Duplicate entry 'b' for key 'id'",
  )
  expect(await rows("SELECT * FROM target")).toEqual([])
})

test("INSERT … SELECT can read its own table, and fills missing columns with their default", async () => {
  const { exec, rows } = await startClient({}, ...setup)
  const union = "SELECT DISTINCT id FROM source UNION ALL SELECT CONCAT(id, '2') FROM source WHERE n = -1"
  expect((await exec(`INSERT INTO target (id) ${union}`)).text).toContain('"rowsAffected":3')
  const ranked = "WITH r AS (SELECT CONCAT(id, '!') AS id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM target)"
  expect((await exec(`INSERT INTO target ${ranked} SELECT id, n FROM r WHERE n < 3`)).text).toContain(
    '"rowsAffected":2',
  )
  expect(await rows("SELECT * FROM target ORDER BY id")).toEqual([
    { id: "a", n: 7 },
    { id: "a!", n: 1 },
    { id: "b", n: 7 },
    { id: "b!", n: 2 },
    { id: "b2", n: 7 },
  ])
})

test("INSERT … SELECT from an empty result stores nothing", async () => {
  const { exec } = await startClient({}, ...setup)
  const sql = "INSERT INTO target (id, n) SELECT id, n FROM source WHERE id = 'nope'"
  expect((await exec(sql)).text).toBe('{"lastInsertId":0,"rowsAffected":0}')
})

test.each([
  [
    "INSERT INTO target SELECT id FROM source",
    "Error 1136 (21S01): Column count doesn't match value count at row 1",
  ],
  ["INSERT INTO target (id, nope) SELECT id, n FROM source", "Error 1054 (42S22): Unknown column 'nope'"],
  ["INSERT INTO target SELECT id, nope FROM source", "Error 1054 (42S22): Unknown column 'nope'"],
  ["INSERT INTO target SELECT NULL, 1", "Error 1048 (23000): Column 'id' cannot be null"],
  [
    "INSERT IGNORE INTO target SELECT id, id FROM source",
    "Error 1366 (HY000): Incorrect integer value: 'a' for column 'n' at row 1",
  ],
  ["INSERT INTO target SELECT id, CAST(id AS SIGNED) FROM source", "Error 1690 (22003)"],
  ["INSERT INTO target SELECT id, n FROM nope", "Error 1146 (42S02): Table 'events.nope' doesn't exist"],
  ["INSERT INTO target VALUES ('a', 1) SELECT id, n FROM source", "near 'SELECT id, n FROM source'"],
])("The statement %s is refused and stores nothing", async (sql, text) => {
  const { exec, rows } = await startClient({}, ...setup)
  const reply = await exec(sql)
  expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(text)])
  expect(await rows("SELECT * FROM target")).toEqual([])
})

test("With insertIgnoreCoerces, INSERT IGNORE … SELECT fits values to their column", async () => {
  const { exec, rows } = await startClient({ insertIgnoreCoerces: true }, ...setup)
  expect((await exec("INSERT IGNORE INTO target SELECT id, id FROM source")).text).toContain(
    '"rowsAffected":2',
  )
  expect(await rows("SELECT n FROM target")).toEqual([{ n: 0 }, { n: 0 }])
})
