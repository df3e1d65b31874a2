import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { startClient } from "../testing/client.ts"

const setup = [
  "CREATE TABLE t (id TEXT NOT NULL, SHARD KEY (id), UNIQUE KEY (id))",
  "INSERT INTO t VALUES ('a')",
]

test("ALTER TABLE ADD gives the rows that are there the default, or the type's own where NULL is not allowed", async () => {
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

test("new rows are checked against the new columns, and keys hold as before", async () => {
  const { exec, rows } = await startClient(
    {},
    ...setup,
    "ALTER TABLE t ADD b INT NOT NULL, ADD c INT DEFAULT 7",
  )
  expect((await exec("INSERT INTO t (id) VALUES ('b')")).text).toMatch(/^Error 1364/)
  expect((await exec("INSERT INTO t VALUES ('b', 1, DEFAULT)")).status).toBe(200)
  expect((await exec("INSERT INTO t (id, b) VALUES ('a', 1)")).text).toMatch(/^Error 1062/)
  expect((await exec("REPLACE INTO t (id, b) VALUES ('a', 3)")).text).toContain('"rowsAffected":2')
  expect(await rows("SELECT * FROM t ORDER BY id")).toEqual([
    { id: "a", b: 3, c: 7 },
    { id: "b", b: 1, c: 7 },
  ])
  expect(await rows("SELECT COUNT(*) AS n FROM information_schema.columns")).toEqual([{ n: 3 }])
})

test("a reopened file knows the added columns", async () => {
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
  ["ALTER TABLE t ADD a INT PRIMARY KEY", "a key is chosen when the table is made"],
  ["ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT", "Error 1064"],
  ["ALTER TABLE t ADD a INT AFTER id", "near 'AFTER id'"],
  ["ALTER TABLE t ADD UNIQUE KEY (id)", "near 'UNIQUE KEY (id)'"],
  ["ALTER TABLE t DROP COLUMN id", "near 'DROP COLUMN id'"],
])("%s is refused", async (sql, text) => {
  const { exec, rows } = await startClient({}, ...setup)
  const reply = await exec(sql)
  expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(text)])
  expect(await rows("SELECT * FROM t")).toEqual([{ id: "a" }])
})
