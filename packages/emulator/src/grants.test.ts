import { expect, test } from "vitest"
import type { Privilege } from "./index.ts"
import { startClient } from "./testing/client.ts"

const setup = [
  "CREATE TABLE t (id INT, SHARD KEY (id), UNIQUE KEY (id))",
  "INSERT INTO t VALUES (1)",
  "CREATE VIEW v AS SELECT id FROM t",
]

/** An emulator with a table, a view and a row, whose user has only these privileges. */
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
  ["DELETE FROM t", ["SELECT"], denied("DELETE")],
  ["INSERT INTO t SELECT id FROM v", ["INSERT"], denied("SELECT", "v")],
  ["INSERT INTO t SELECT id FROM v", ["SELECT"], denied("INSERT")],
  ["ALTER TABLE t RENAME u", ["CREATE"], denied("ALTER")],
  ["CREATE TABLE u (id INT)", ["INSERT"], denied("CREATE", "u")],
  ["ALTER TABLE t ADD n INT", ["CREATE"], denied("ALTER")],
  ["DROP TABLE t", ["DELETE"], denied("DROP")],
  ["CREATE VIEW w AS SELECT 1", ["CREATE"], denied("CREATE VIEW", "w")],
  ["CREATE VIEW w AS SELECT * FROM t", ["CREATE VIEW"], denied("SELECT")],
  ["CREATE OR REPLACE VIEW v AS SELECT 1", ["CREATE VIEW"], denied("DROP VIEW", "v")],
  ["DROP VIEW v", ["DROP"], denied("DROP VIEW", "v")],
] as [string, Privilege[], object][])(
  "The statement %s is refused with the grants %j",
  async (sql, granted, reply) => {
    const { exec, emulator } = await start(...granted)
    expect(await exec(sql)).toEqual(reply)
    expect(await emulator.query("SELECT id FROM v")).toEqual([{ id: 1 }])
  },
)

test.each([
  ["SELECT 1 FROM t", ["INSERT"], denied("SELECT")],
  ["SELECT 1 FROM (SELECT 1 FROM t) x", [], denied("SELECT")],
  ["SELECT 1 FROM nope", [], denied("SELECT", "nope")],
  ["SHOW CREATE TABLE t", [], denied("SELECT")],
] as [string, Privilege[], object][])(
  "The query %s is refused with the grants %j",
  async (sql, granted, reply) => {
    const { query } = await start(...granted)
    expect(await query(sql)).toEqual(reply)
  },
)

test("Granted statements and statements without a privilege run", async () => {
  const { exec, query } = await start("INSERT")
  expect((await exec("INSERT IGNORE INTO t VALUES (1), (2)")).text).toContain('"rowsAffected":1')
  for (const sql of ["SELECT 1", "SHOW TABLES", "SELECT TABLE_NAME FROM information_schema.tables"]) {
    expect((await query(sql)).status).toBe(200)
  }
})

test("The privilege SELECT on a view is enough to read it", async () => {
  const { query } = await start("SELECT")
  expect((await query("SELECT id FROM v")).status).toBe(200)
})

test.each([
  [["INSERT", "SELECT"], "GRANT SELECT, INSERT ON *.* TO 'root'@'%'"],
  [["DROP VIEW"], "GRANT DROP VIEW ON *.* TO 'root'@'%'"],
  [[], "GRANT USAGE ON *.* TO 'root'@'%'"],
] as [Privilege[], string][])("SHOW GRANTS prints the grants %j", async (granted, line) => {
  const { rows, emulator } = await start(...granted)
  expect(await rows("SHOW GRANTS")).toEqual([{ "Grants for root@%": line }])
  expect(await emulator.query("SHOW GRANTS FOR CURRENT_USER()")).toEqual([{ "Grants for root@%": line }])
})

test("Without the option grants the user has all privileges", async () => {
  const { rows } = await startClient({}, ...setup, "DROP VIEW v", "DELETE FROM t")
  expect(await rows("SHOW GRANTS;")).toEqual([
    { "Grants for root@%": "GRANT ALL PRIVILEGES ON *.* TO 'root'@'%'" },
  ])
})
