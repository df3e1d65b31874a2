import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { startClient } from "../testing/client.ts"

const setup = [
  "CREATE TABLE t (id TEXT NOT NULL, SHARD KEY (id), UNIQUE KEY (id))",
  "INSERT INTO t VALUES ('a')",
]

test("ALTER TABLE ADD fills existing rows with the default, or with the zero value of a NOT NULL column", async () => {
  const { exec, rows } = await startClient({}, ...setup)
  const { text } = await exec(
    `ALTER ONLINE TABLE t ADD COLUMN a INT, ADD (b TEXT NOT NULL, \`c d\` JSON DEFAULT '{"b": 1, "a": "it''s"}'),
     ADD e DATETIME(6) NOT NULL, ADD COLUMN f DECIMAL(5,2) NOT NULL DEFAULT 1.5, ADD g BOOL DEFAULT TRUE`,
  )
  expect(text).toBe('{"lastInsertId":0,"rowsAffected":0}')
  expect(await rows("SELECT * FROM t")).toEqual([
    {
      ...{ id: "a", a: null, b: "", "c d": { a: "it's", b: 1 } },
      ...{ e: "0000-00-00 00:00:00.000000", f: "1.50", g: 1 },
    },
  ])
})

test("New rows are checked against added columns, and keys stay", async () => {
  const { exec, rows } = await startClient(
    {},
    ...setup,
    "ALTER TABLE t ADD b INT NOT NULL, ADD c INT DEFAULT 7",
  )
  expect((await exec("INSERT INTO t (id) VALUES ('b')")).text).toMatch(/^Error 1364/)
  expect((await exec("INSERT INTO t VALUES ('b', 1, DEFAULT)")).status).toBe(200)
  expect((await exec("INSERT INTO t (id, b) VALUES ('a', 1)")).text).toMatch(/^Error 1062/)
  expect(await rows("SELECT * FROM t ORDER BY id")).toEqual([
    { id: "a", b: 0, c: 7 },
    { id: "b", b: 1, c: 7 },
  ])
  expect(await rows("SELECT COUNT(*) AS n FROM information_schema.columns")).toEqual([{ n: 3 }])
})

test("A reopened file has its added columns", async () => {
  const folder = await mkdtemp(join(tmpdir(), "emulator-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, "events.db")
  const first = await startClient({ file }, ...setup, "ALTER TABLE t ADD n TINYINT DEFAULT 3")
  await first.emulator.close()
  const second = await startClient({ file })
  expect(await second.rows("SELECT * FROM t")).toEqual([{ id: "a", n: 3 }])
})

test.each([
  ["ALTER TABLE t ADD ID INT", "Error 1060 (42S21): Duplicate column name 'ID'"],
  ["ALTER TABLE t ADD a INT, ADD A INT", "Error 1060 (42S21): Duplicate column name 'A'"],
  ["ALTER TABLE t ADD a INT DEFAULT 'x'", "Error 1067 (42000): Invalid default value for 'a'"],
  ["ALTER TABLE nope ADD a INT", "Error 1146 (42S02): Table 'events.nope' doesn't exist"],
  ["ALTER TABLE t ADD a INT PRIMARY KEY", "ALTER TABLE cannot add a key"],
  ["ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT", "Error 1064"],
  ["ALTER TABLE t ADD a INT AFTER id", "near 'AFTER id'"],
  ["ALTER TABLE t ADD UNIQUE KEY (id)", "near 'UNIQUE KEY (id)'"],
  ["ALTER TABLE t DROP COLUMN id", "near 'DROP COLUMN id'"],
  ["ALTER TABLE nope RENAME u", "Error 1146 (42S02): Table 'events.nope' doesn't exist"],
  ["ALTER TABLE t RENAME TO t", "Error 1050 (42S01): Table 't' already exists"],
  ["ALTER TABLE t RENAME TO taken", "Error 1050 (42S01): Table 'taken' already exists"],
  ["ALTER TABLE t RENAME v", "Error 1050 (42S01): Table 'v' already exists"],
  ["ALTER TABLE v RENAME w", "Error 1347 (HY000): 'events.v' is not BASE TABLE"],
  ["ALTER TABLE t RENAME COLUMN id TO a", "near 'id TO a'"],
])("The statement %s is refused", async (sql, text) => {
  const others = ["CREATE TABLE taken (id INT)", "CREATE VIEW v AS SELECT id FROM t"]
  const { exec, rows } = await startClient({}, ...setup, ...others)
  const reply = await exec(sql)
  expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(text)])
  expect(await rows("SELECT * FROM t")).toEqual([{ id: "a" }])
})

test("A renamed table keeps its rows, types, keys and defaults", async () => {
  const folder = await mkdtemp(join(tmpdir(), "emulator-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, "events.db")
  const definition =
    "(id VARCHAR(5) NOT NULL, n INT DEFAULT 7, j JSON, SHARD KEY (id), UNIQUE KEY pk (id) USING HASH)"
  const first = await startClient(
    { file },
    `CREATE TABLE Old ${definition}`,
    "INSERT INTO Old (id) VALUES ('a')",
  )
  expect(await first.exec("ALTER TABLE events.Old RENAME TO `new one`")).toEqual({
    status: 200,
    text: '{"lastInsertId":0,"rowsAffected":0}',
  })
  expect(await first.rows("SELECT * FROM Old")).toBe("Error 1146 (42S02): Table 'events.Old' doesn't exist")
  const check = async ({ exec, rows }: typeof first) => {
    expect(await rows("SELECT * FROM `new one`")).toEqual([{ id: "a", n: 7, j: null }])
    expect((await exec("INSERT INTO `new one` (id) VALUES ('a')")).text).toBe(
      "Error 1062 (23000): Duplicate entry 'a' for key 'pk'",
    )
    expect((await exec("INSERT INTO `new one` (id) VALUES ('abcdef')")).text).toMatch(/^Error 1406/)
    expect(await rows("SHOW TABLES")).toEqual([{ Tables_in_events: "new one" }])
  }
  await check(first)
  await first.emulator.close()
  await check(await startClient({ file }))
})

test("A renamed table frees its name", async () => {
  const { exec, rows } = await startClient({}, ...setup, "ALTER TABLE t RENAME u", setup[0] ?? "")
  expect(await rows("SELECT * FROM t")).toEqual([])
  expect((await exec("INSERT INTO t SELECT * FROM u")).text).toContain('"rowsAffected":1')
  expect((await exec("DROP TABLE u")).status).toBe(200)
  expect((await exec("ALTER TABLE t RENAME TO u")).status).toBe(200)
})
