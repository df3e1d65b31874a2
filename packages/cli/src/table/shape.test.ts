import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { startEmulator } from "@singlesink/emulator"
import { expect, test } from "vitest"
import { isRowstore, readShape, toKeys } from "./shape.ts"

test("The shape of a table has its columns in their order and its keys", async () => {
  await using emulator = await startEmulator()
  await emulator.exec(createTableSql({ table: "Events" }))
  await emulator.exec(createTableSql({ table: "events", deduplicate: false }))
  const api = createDataApi({ url: emulator.url, username: "root", password: "", database: "events" })
  const shape = await readShape(api, "Events")
  expect(shape).toMatchObject({ kind: "table", namesakes: ["events"], isRowstore: false })
  expect(shape.columns.slice(0, 2)).toEqual([
    { name: "messageId", type: "text", isNullable: false, isFilled: false, collation: "utf8mb4_bin" },
    { name: "timestamp", type: "datetime(6)", isNullable: false, isFilled: false, collation: undefined },
  ])
  expect(shape.keys).toContainEqual({ kind: "unique", columns: ["messageId"] })
  expect(shape.keys).toContainEqual({ kind: "shard", columns: ["messageId"] })
  expect(shape.keys).toContainEqual({ kind: "sort", columns: ["timestamp"] })
})

test("A table is missing if there is none with exactly its name", async () => {
  await using emulator = await startEmulator()
  const api = createDataApi({ url: emulator.url, username: "root", password: "", database: "events" })
  expect(await readShape(api, "nope")).toMatchObject({ kind: "missing", columns: [], keys: [] })
})

test.each([
  [{ STORAGE_TYPE: "INMEMORY_ROWSTORE" }, "", true],
  [{}, "CREATE ROWSTORE TABLE `t` (\n  `id` text\n)", true],
  [{}, "CREATE ROWSTORE REFERENCE TABLE `t` (\n  `id` text\n)", true],
  [{ STORAGE_TYPE: "COLUMNSTORE" }, "CREATE TABLE `rowstore` (\n  `rowstore` text\n)", false],
])(
  "A table with the storage %j and the statement %j is recognised as a rowstore: %s",
  (row, sql, expected) => {
    expect(isRowstore(row, sql)).toBe(expected)
  },
)

test("A unique key that the server does not enforce counts as an index", () => {
  const rows = [{ INDEX_NAME: "k", NON_UNIQUE: 0, COLUMN_NAME: "id", INDEX_TYPE: "COLUMNSTORE HASH" }]
  const sql = "CREATE TABLE `t` (\n  `id` text,\n  UNIQUE KEY `k` (`id`) UNENFORCED RELY\n)"
  expect(toKeys(rows, sql)).toEqual([{ kind: "index", columns: ["id"] }])
  expect(toKeys(rows, sql.replace("UNENFORCED RELY", "USING HASH"))).toEqual([
    { kind: "unique", columns: ["id"] },
  ])
})
