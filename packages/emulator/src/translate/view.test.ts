import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { startClient } from "../testing/client.ts"

const setup = [
  "CREATE TABLE t (id VARCHAR(10) NOT NULL, n INT, j JSON)",
  `INSERT INTO t VALUES ('a', 1, '{"x": {"y z": 5}}'), ('b', 2, NULL)`,
]

test("A view is read like a table, and can read other views", async () => {
  const { rows } = await startClient(
    {},
    ...setup,
    "CREATE VIEW v AS WITH big AS (SELECT * FROM t WHERE n > 0) SELECT id, j::x::%`y z` AS y FROM big;",
    "CREATE VIEW events.w AS SELECT id AS name, y FROM v ORDER BY y DESC LIMIT 1",
  )
  expect(await rows("SELECT * FROM v ORDER BY id")).toEqual([
    { id: "a", y: 5 },
    { id: "b", y: null },
  ])
  expect(await rows("WITH t AS (SELECT 'a' AS id) SELECT w.y, t.id FROM w JOIN t ON w.name = t.id")).toEqual([
    { y: 5, id: "a" },
  ])
})

test("OR REPLACE replaces a view, and CREATE VIEW refuses an existing name", async () => {
  const { exec, rows } = await startClient({}, ...setup, "CREATE OR REPLACE VIEW v AS SELECT id FROM t")
  expect((await exec("CREATE VIEW v AS SELECT 1")).text).toBe("Error 1050 (42S01): Table 'v' already exists")
  expect((await exec("CREATE OR REPLACE VIEW v AS SELECT 1 AS one")).status).toBe(200)
  expect(await rows("SELECT * FROM v")).toEqual([{ one: 1 }])
  expect((await exec("DROP VIEW v")).status).toBe(200)
  expect((await exec("DROP VIEW v")).text).toBe("Error 1051 (42S02): Unknown table 'v'")
  expect((await exec("DROP VIEW IF EXISTS v")).status).toBe(200)
  expect(await rows("SELECT * FROM v")).toMatch(/^Error 1146/)
})

test("A view keeps the columns and the database of its creation", async () => {
  const { exec, query } = await startClient(
    { databases: ["events", "other"] },
    ...setup,
    "CREATE VIEW v AS SELECT * FROM t",
  )
  await exec("ALTER TABLE t ADD COLUMN later INT")
  expect((await exec("CREATE VIEW other.w AS SELECT id FROM t")).status).toBe(200)
  expect((await query("SELECT * FROM events.v WHERE n = 1", [], "other")).text).toBe(
    '{"results":[{"rows":[{"id":"a","n":1,"j":{"x":{"y z":5}}}]}]}',
  )
  expect((await query("SELECT * FROM w WHERE id = 'a'", [], "other")).text).toContain('[{"id":"a"}]')
  await exec("DROP TABLE t")
  expect((await query("SELECT * FROM v")).text).toMatch(
    /^Error 1356 \(HY000\): View 'events.v' references invalid/,
  )
})

test("Views are listed with their columns", async () => {
  const { rows } = await startClient({}, ...setup, "CREATE VIEW v AS SELECT id, n, 1.5 AS next FROM t")
  expect(await rows("SHOW TABLES")).toEqual([{ Tables_in_events: "t" }, { Tables_in_events: "v" }])
  expect(
    await rows("SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.tables ORDER BY TABLE_NAME"),
  ).toEqual([
    { TABLE_NAME: "t", TABLE_TYPE: "BASE TABLE" },
    { TABLE_NAME: "v", TABLE_TYPE: "VIEW" },
  ])
  expect(
    await rows(
      "SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type FROM information_schema.columns WHERE TABLE_NAME = 'v'",
    ),
  ).toEqual([
    { name: "id", type: "text" },
    { name: "n", type: "bigint(20)" },
    { name: "next", type: "decimal(38,1)" },
  ])
  expect(await rows("SHOW CREATE TABLE v")).toEqual([
    { View: "v", "Create View": "CREATE VIEW `v` AS SELECT id, n, 1.5 AS next FROM t" },
  ])
})

test("A reopened file has its views", async () => {
  const folder = await mkdtemp(join(tmpdir(), "emulator-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, "events.db")
  const first = await startClient({ file }, ...setup, "CREATE VIEW v AS SELECT id FROM t")
  await first.emulator.close()
  const second = await startClient({ file })
  expect(await second.rows("SELECT COUNT(*) AS n FROM v")).toEqual([{ n: 2 }])
  expect((await second.exec("DROP VIEW v")).status).toBe(200)
})

test.each([
  ["CREATE VIEW v AS SELECT nope FROM t", "Error 1054 (42S22): Unknown column 'nope' in 'field list'"],
  ["CREATE VIEW v AS SELECT 1 FROM nope", "Error 1146 (42S02): Table 'events.nope' doesn't exist"],
  ["CREATE VIEW v AS SELECT id, n AS ID FROM t", "Error 1060 (42S21): Duplicate column name 'ID'"],
  ["CREATE VIEW t AS SELECT 1", "Error 1050 (42S01): Table 't' already exists"],
  ["CREATE OR REPLACE VIEW t AS SELECT 1", "Error 1347 (HY000): 'events.t' is not VIEW"],
  [
    "CREATE OR REPLACE VIEW old AS SELECT * FROM old",
    "Error 1462 (HY000): 'events.old' contains view recursion",
  ],
  ["CREATE VIEW v (a) AS SELECT 1", "near '(a) AS SELECT 1'"],
  ["CREATE VIEW v AS INSERT INTO t VALUES (1)", "near 'INSERT INTO t"],
  ["DROP VIEW t", "Error 1347 (HY000): 'events.t' is not VIEW"],
  ["DROP TABLE old", "Error 1051 (42S02): Unknown table 'old'"],
  ["CREATE TABLE old (a INT)", "Error 1050 (42S01): Table 'old' already exists"],
  [
    "INSERT INTO old VALUES (1)",
    "Error 1471 (HY000): The target table old of the INSERT is not insertable-into",
  ],
  ["DELETE FROM old", "Error 1288 (HY000): The target table old of the DELETE is not updatable"],
  ["ALTER TABLE old ADD a INT", "Error 1347 (HY000): 'events.old' is not BASE TABLE"],
])("The statement %s is refused", async (sql, text) => {
  const { exec } = await startClient({}, ...setup, "CREATE VIEW old AS SELECT 1 AS one")
  const reply = await exec(sql)
  expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(text)])
})

test("A view cannot have placeholders", async () => {
  const { exec } = await startClient()
  expect((await exec("CREATE VIEW v AS SELECT ? AS x", [1])).text).toContain(
    "a view cannot have placeholders",
  )
})
