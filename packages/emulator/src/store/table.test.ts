import { afterAll, expect, test } from "vitest"
import { startEmulator } from "../index.ts"
import { createClient, startClient } from "../testing/client.ts"

const shared = createClient(await startEmulator())
afterAll(() => shared.emulator.close())

const everything = `CREATE TABLE IF NOT EXISTS events.\`all \`\`of\`\` it\` (
  \`id\` TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  at DATETIME(6) NOT NULL DEFAULT '2024-01-01', -- a comment
  n BIGINT NULL, d DECIMAL(10, 2) DEFAULT -1.5, b BOOL DEFAULT TRUE,
  j JSON,
  SHARD KEY (id), SORT KEY (at DESC), UNIQUE KEY pk (id, at) USING HASH, KEY (n) USING HASH, INDEX later (at ASC)
) AUTOSTATS_CARDINALITY_MODE=PERIODIC AUTOSTATS_HISTOGRAM_MODE=CREATE SQL_MODE='STRICT_ALL_TABLES'
  CHARSET=utf8mb4 COLLATE utf8mb4_bin;`

test("CREATE TABLE takes keys, defaults and table options, and IF NOT EXISTS accepts an existing table", async () => {
  const { exec } = await startClient()
  for (let time = 0; time < 2; time++) {
    expect(await exec(everything)).toEqual({ status: 200, text: '{"lastInsertId":0,"rowsAffected":0}' })
  }
  expect((await exec(everything.replace("IF NOT EXISTS", ""))).text).toBe(
    "Error 1050 (42S01): Table 'all `of` it' already exists",
  )
})

test.each([
  ["(id INT, ID TEXT)", "Error 1060 (42S21): Duplicate column name 'ID'"],
  ["(id INT, KEY (nope))", "Error 1072 (42000): Key column 'nope' doesn't exist in table"],
  ["(id INT, SHARD KEY (nope))", "Error 1072 (42000): Key column 'nope' doesn't exist in table"],
  ["(KEY (id))", "Error 1072"],
  ["(id INT, PRIMARY KEY (id), PRIMARY KEY (id))", "Error 1068 (42000): Multiple primary key defined"],
  [
    "(a INT, b INT, SHARD KEY (a, b), UNIQUE KEY u (b))",
    "Error 1895 (HY000): The unique key named 'u' must contain all columns of the shard key",
  ],
  ["(a INT, b INT, SHARD KEY (a), PRIMARY KEY (b))", "Error 1895"],
  ["(a INT NOT NULL DEFAULT NULL)", "Error 1067 (42000): Invalid default value for 'a'"],
  ["(a INT DEFAULT 'x')", "Error 1067 (42000): Invalid default value for 'a'"],
  ["(a GEOMETRY)", "Error 1064 (42000): "],
  ["(a DATETIME(3))", "a time has 0 or 6 fraction digits"],
  ["(a VARCHAR(30000))", "the number must be from 1 to 21844"],
  ["(a TEXT COLLATE utf8mb4_general_ci)", "the emulator knows only the collations utf8mb4_bin and utf8_bin"],
  ["(a TEXT CHARACTER SET latin1)", "the emulator knows only the character sets utf8mb4 and utf8"],
  ["(a INT) COLLATE utf8_general_ci", "the emulator knows only the collations"],
  ["(a INT) SQL_MODE=''", "the emulator knows only SQL_MODE='STRICT_ALL_TABLES'"],
  ["(a INT) ENGINE=InnoDB", "near 'ENGINE=InnoDB'"],
  ["(a INT AUTO_INCREMENT)", "near 'AUTO_INCREMENT)'"],
  ["()", "near ')'"],
])("The statement CREATE TABLE t %s is refused", async (definition, text) => {
  const reply = await shared.exec(`CREATE TABLE t ${definition}`)
  expect(reply.status).toBe(400)
  expect(reply.text).toContain(text)
})

test("Any key can be unique with an empty shard key", async () => {
  const { exec } = await startClient()
  expect((await exec("CREATE TABLE t (a INT, SHARD KEY (), SORT KEY (), UNIQUE KEY (a))")).status).toBe(200)
})

test("Table names are case-sensitive, and column names are not", async () => {
  const { exec, rows } = await startClient(
    {},
    "CREATE TABLE Events (Id INT)",
    "CREATE TABLE events (id INT)",
    "CREATE TABLE `!events` (id INT)",
    "INSERT INTO Events (iD) VALUES (1)",
  )
  expect(await rows("SELECT ID FROM Events")).toEqual([{ ID: 1 }])
  expect(await rows("SELECT id FROM events")).toEqual([])
  expect((await exec("INSERT INTO EVENTS VALUES (1)")).text).toBe(
    "Error 1146 (42S02): Table 'events.EVENTS' doesn't exist",
  )
})

test("A database can have the name of a DuckDB schema", async () => {
  const { exec, rows } = await startClient({ databases: ["events", "main"] })
  expect((await exec("CREATE TABLE t (id INT)", [], "main")).status).toBe(200)
  expect((await exec("INSERT INTO main.t VALUES (1)")).status).toBe(200)
  expect(await rows("SHOW DATABASES")).toEqual([{ Database: "events" }, { Database: "main" }])
  expect(await rows("SHOW TABLES FROM main")).toEqual([{ Tables_in_main: "t" }])
  expect(await rows("SELECT * FROM temp.t")).toBe("Error 1049 (42000): Unknown database 'temp'")
})

test("DROP TABLE drops a table, and refuses one that does not exist", async () => {
  const { exec, rows } = await startClient(
    {},
    "CREATE TABLE t (id INT)",
    "DROP TABLE t",
    "DROP TABLE IF EXISTS t",
  )
  expect((await exec("DROP TABLE t")).text).toBe("Error 1051 (42S02): Unknown table 't'")
  expect(await rows("SHOW TABLES")).toEqual([])
})

test("information_schema lists tables and columns, in any case of its names", async () => {
  const { rows } = await startClient({}, everything)
  expect(
    await rows(
      `SELECT column_name AS name, column_type AS type, is_nullable AS nullable, column_default AS fallback,
       column_key AS \`key\` FROM INFORMATION_SCHEMA.Columns WHERE Table_Schema = ? ORDER BY ordinal_position`,
      ["events"],
    ),
  ).toEqual([
    { name: "id", type: "text", nullable: "NO", fallback: null, key: "MUL" },
    { name: "at", type: "datetime(6)", nullable: "NO", fallback: "2024-01-01", key: "MUL" },
    { name: "n", type: "bigint(20)", nullable: "YES", fallback: null, key: "MUL" },
    { name: "d", type: "decimal(10,2)", nullable: "YES", fallback: "-1.5", key: "" },
    { name: "b", type: "tinyint(4)", nullable: "YES", fallback: "1", key: "" },
    { name: "j", type: "json", nullable: "YES", fallback: null, key: "" },
  ])
  expect(await rows("SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.tables")).toEqual([
    { TABLE_NAME: "all `of` it", TABLE_TYPE: "BASE TABLE" },
  ])
  expect(
    await rows(
      "SELECT DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, COLLATION_NAME FROM information_schema.columns LIMIT 2",
    ),
  ).toEqual([
    { DATA_TYPE: "text", CHARACTER_MAXIMUM_LENGTH: 65_535, COLLATION_NAME: "utf8mb4_bin" },
    { DATA_TYPE: "datetime", CHARACTER_MAXIMUM_LENGTH: null, COLLATION_NAME: null },
  ])
  expect(await rows("SELECT * FROM information_schema.nope")).toMatch(/^Error 1109/)
})
