import { expect, test } from "vitest"
import type { Privilege } from "./index.ts"
import { startClient } from "./testing/client.ts"

const setup = [
  "CREATE TABLE t (id INT, SHARD KEY (id), UNIQUE KEY (id))",
  "INSERT INTO t VALUES (1)",
  "CREATE VIEW v AS SELECT id FROM t",
]

/** An emulator with a table, a view and a row, whose user may do no more than this. */
async function start(...granted: Privilege[]) {
  const grants: Privilege[] = ["CREATE", "INSERT", "CREATE VIEW", "SELECT"]
  const client = await startClient({ grants }, ...setup)
  grants.splice(0, grants.length, ...granted)
  return client
}

const denied = (privilege: string, table = "t") => ({
  status: 403,
  text: `Error 1142 (42000): ${privilege} command denied to user 'root'@'%' for table '${table}'`,
})

test.each([
  ["INSERT INTO t VALUES (2)", [], denied("INSERT")],
  ["INSERT INTO nope VALUES (2)", [], denied("INSERT", "nope")],
  ["REPLACE INTO t VALUES (1)", ["DELETE"], denied("INSERT")],
  ["REPLACE INTO t VALUES (1)", ["INSERT"], denied("DELETE")],
  ["DELETE FROM t", ["SELECT"], denied("DELETE")],
  ["DELETE FROM t WHERE id IN (SELECT id FROM v)", ["DELETE"], denied("SELECT", "v")],
  ["CREATE TABLE u (id INT)", ["INSERT"], denied("CREATE", "u")],
  ["ALTER TABLE t ADD n INT", ["CREATE"], denied("ALTER")],
  ["DROP TABLE t", ["DELETE"], denied("DROP")],
  ["CREATE VIEW w AS SELECT 1", ["CREATE"], denied("CREATE VIEW", "w")],
  ["CREATE VIEW w AS SELECT * FROM t", ["CREATE VIEW"], denied("SELECT")],
  ["CREATE OR REPLACE VIEW v AS SELECT 1", ["CREATE VIEW"], denied("DROP VIEW", "v")],
  ["DROP VIEW v", ["DROP"], denied("DROP VIEW", "v")],
  [
    "CREATE DATABASE x",
    ["CREATE"],
    { status: 403, text: "Error 1044 (42000): Access denied for user 'root'@'%' to database 'x'" },
  ],
  [
    "DROP DATABASE events",
    ["DROP"],
    { status: 403, text: "Error 1044 (42000): Access denied for user 'root'@'%' to database 'events'" },
  ],
] as [string, Privilege[], object][])("%s is refused to somebody with %j", async (sql, granted, reply) => {
  const { exec, emulator } = await start(...granted)
  expect(await exec(sql)).toEqual(reply)
  expect(await emulator.query("SELECT id FROM v")).toEqual([{ id: 1 }])
})

test.each([
  ["SELECT 1 FROM t", ["INSERT"], denied("SELECT")],
  ["SELECT 1 FROM (SELECT 1 FROM t) x", [], denied("SELECT")],
  ["SELECT 1 FROM nope", [], denied("SELECT", "nope")],
  ["SHOW CREATE TABLE v", ["SELECT"], denied("SHOW VIEW", "v")],
  ["DESCRIBE t", [], denied("SELECT")],
  ["SHOW INDEX FROM t", [], denied("SELECT")],
] as [string, Privilege[], object][])("%s is refused to somebody with %j", async (sql, granted, reply) => {
  const { query } = await start(...granted)
  expect(await query(sql)).toEqual(reply)
})

test("what is granted works, and what needs no privilege works without", async () => {
  const { exec, query } = await start("INSERT")
  expect((await exec("INSERT IGNORE INTO t VALUES (1), (2)")).text).toContain('"rowsAffected":1')
  for (const sql of [
    "SELECT 1",
    "SHOW TABLES",
    "DESCRIBE t",
    "SELECT TABLE_NAME FROM information_schema.tables",
  ]) {
    expect((await query(sql)).status).toBe(200)
  }
  expect((await (await start("INSERT", "DELETE")).exec("REPLACE INTO t VALUES (1)")).status).toBe(200)
})

test("whoever may read a view may read it all", async () => {
  const { query } = await start("SELECT")
  expect((await query("SELECT id FROM v")).status).toBe(200)
})

test.each([
  [["INSERT", "SELECT"], "GRANT SELECT, INSERT ON *.* TO 'root'@'%'"],
  [["SHOW VIEW"], "GRANT SHOW VIEW ON *.* TO 'root'@'%'"],
  [[], "GRANT USAGE ON *.* TO 'root'@'%'"],
] as [Privilege[], string][])("SHOW GRANTS prints %j", async (granted, line) => {
  const { rows, emulator } = await start(...granted)
  expect(await rows("SHOW GRANTS")).toEqual([{ "Grants for root@%": line }])
  expect(await emulator.query("SHOW GRANTS FOR CURRENT_USER()")).toEqual([{ "Grants for root@%": line }])
})

test("without grants the user may do everything", async () => {
  const { rows } = await startClient({}, ...setup, "DROP VIEW v", "DELETE FROM t", "DROP DATABASE events")
  expect(await rows("SHOW GRANTS")).toMatch(/^Error 1049/)
  const other = await startClient()
  expect(await other.rows("SHOW GRANTS;")).toEqual([
    { "Grants for root@%": "GRANT ALL PRIVILEGES ON *.* TO 'root'@'%'" },
  ])
})
