import { expect, test } from "vitest"
import { startClient } from "../testing/client.ts"

const table = `CREATE TABLE t (id VARCHAR(10) NOT NULL, at DATETIME(6) NOT NULL DEFAULT '2024-01-01', n BIGINT,
  j JSON, b BOOL DEFAULT TRUE, s TEXT DEFAULT 'it''s \\\\',
  SHARD KEY (id), SORT KEY (at), UNIQUE KEY pk (id, at) USING HASH, KEY (n) USING HASH)`

test("information_schema.statistics lists the keys, including the shard key and the sort key", async () => {
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
})

test("The primary key is the shard key of a table without one", async () => {
  const { rows } = await startClient({}, "CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b), SORT KEY ())")
  expect(
    await rows("SELECT INDEX_NAME AS name, COLUMN_NAME AS `column` FROM information_schema.statistics"),
  ).toEqual([
    { name: "PRIMARY", column: "a" },
    { name: "PRIMARY", column: "b" },
    { name: "__SHARDKEY", column: "a" },
    { name: "__SHARDKEY", column: "b" },
  ])
})

test("The statement of SHOW CREATE TABLE creates the same table", async () => {
  const { rows, exec, emulator } = await startClient({}, table)
  const read = () => emulator.query<{ Table: string; "Create Table": string }>("SHOW CREATE TABLE t")
  const [first] = await read()
  expect(first?.["Create Table"].split("\n").slice(0, 3)).toEqual([
    "CREATE TABLE `t` (",
    "  `id` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,",
    "  `at` datetime(6) NOT NULL DEFAULT '2024-01-01',",
  ])
  const columns = () => rows("SELECT * FROM information_schema.columns")
  const before = await columns()
  await exec("DROP TABLE t")
  expect(await exec(first?.["Create Table"] ?? "")).toMatchObject({ status: 200 })
  expect(await read()).toEqual([first])
  expect(await columns()).toEqual(before)
})
