import { expect, test } from "vitest"
import { startClient } from "../testing/client.ts"

const table = `CREATE TABLE t (id VARCHAR(10) NOT NULL, at DATETIME(6) NOT NULL DEFAULT '2024-01-01', n BIGINT UNSIGNED,
  j JSON, b BOOL DEFAULT TRUE, s TEXT DEFAULT 'it''s \\\\',
  SHARD KEY (id), SORT KEY (at), UNIQUE KEY pk (id, at) USING HASH, KEY (n) USING HASH)`

test("DESCRIBE, DESC and SHOW COLUMNS tell the columns of a table", async () => {
  const { rows } = await startClient({}, table)
  const expected = [
    { Field: "id", Type: "varchar(10)", Null: "NO", Key: "MUL", Default: null, Extra: "" },
    { Field: "at", Type: "datetime(6)", Null: "NO", Key: "", Default: "2024-01-01", Extra: "" },
    { Field: "n", Type: "bigint(20) unsigned", Null: "YES", Key: "MUL", Default: null, Extra: "" },
    { Field: "j", Type: "json", Null: "YES", Key: "", Default: null, Extra: "" },
    { Field: "b", Type: "tinyint(4)", Null: "YES", Key: "", Default: "1", Extra: "" },
    { Field: "s", Type: "text", Null: "YES", Key: "", Default: "it's \\", Extra: "" },
  ]
  for (const sql of [
    "DESCRIBE t",
    "DESC events.t;",
    "SHOW COLUMNS FROM t",
    "SHOW COLUMNS IN t FROM events",
  ]) {
    expect(await rows(sql)).toEqual(expected)
  }
  expect(await rows("DESCRIBE nope")).toBe("Error 1146 (42S02): Table 'events.nope' doesn't exist")
})

test("SHOW INDEX and information_schema.statistics tell the keys, the shard key and the sort key among them", async () => {
  const { rows } = await startClient({}, table)
  const keys = [
    ["__SHARDKEY", 1, "id", 1, "METADATA_ONLY"],
    ["at", 1, "at", 1, "CLUSTERED COLUMNSTORE"],
    ["pk", 1, "id", 0, "COLUMNSTORE HASH"],
    ["pk", 2, "at", 0, "COLUMNSTORE HASH"],
    ["n", 1, "n", 1, "COLUMNSTORE HASH"],
  ]
  expect(
    await rows(
      `SELECT INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, INDEX_TYPE FROM information_schema.statistics
       WHERE TABLE_SCHEMA = 'events' AND TABLE_NAME = 't'`,
    ),
  ).toEqual(
    keys.map(([INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, INDEX_TYPE]) => ({
      ...{ INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, INDEX_TYPE },
    })),
  )
  for (const sql of ["SHOW INDEX FROM t", "SHOW INDEXES IN t", "SHOW KEYS FROM t FROM events"]) {
    expect(await rows(sql)).toMatchObject(
      keys.map(([Key_name, Seq_in_index, Column_name, Non_unique, Index_type]) => ({
        ...{ Table: "t", Key_name, Seq_in_index, Column_name, Non_unique, Index_type },
      })),
    )
  }
})

test("a table without a shard key lies by its primary key", async () => {
  const { rows } = await startClient({}, "CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b), SORT KEY ())")
  expect(
    await rows(
      "SELECT INDEX_NAME AS name, COLUMN_NAME AS `column`, NULLABLE AS nulls FROM information_schema.statistics",
    ),
  ).toEqual([
    { name: "PRIMARY", column: "a", nulls: "" },
    { name: "PRIMARY", column: "b", nulls: "" },
    { name: "__SHARDKEY", column: "a", nulls: "" },
    { name: "__SHARDKEY", column: "b", nulls: "" },
  ])
})

test("what SHOW CREATE TABLE prints makes the same table again", async () => {
  const { rows, exec, emulator } = await startClient({}, table)
  const read = () => emulator.query<{ Table: string; "Create Table": string }>("SHOW CREATE TABLE t")
  const [first] = await read()
  expect(first?.["Create Table"].split("\n").slice(0, 3)).toEqual([
    "CREATE TABLE `t` (",
    "  `id` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,",
    "  `at` datetime(6) NOT NULL DEFAULT '2024-01-01',",
  ])
  const before = await rows("SHOW COLUMNS FROM t")
  await exec("DROP TABLE t")
  expect(await exec(first?.["Create Table"] ?? "")).toMatchObject({ status: 200 })
  expect(await read()).toEqual([first])
  expect(await rows("SHOW COLUMNS FROM t")).toEqual(before)
})
