import { expect, test } from "vitest"
import { defaultColumns } from "../event/columns.ts"
import { createTableSql } from "./create-table.ts"
import { quoteName } from "./identifier.ts"

test("the keyed table is sharded, sorted and unique as its columns say", () => {
  expect(createTableSql({ table: "events" })).toBe(
    `CREATE TABLE IF NOT EXISTS \`events\` (
  messageId TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  timestamp DATETIME(6) NOT NULL,
  type TEXT NOT NULL,
  event TEXT,
  name TEXT,
  properties JSON,
  userId TEXT,
  anonymousId TEXT,
  groupId TEXT,
  traits JSON,
  context JSON,
  SHARD KEY (messageId),
  SORT KEY (timestamp),
  UNIQUE KEY (messageId) USING HASH
) SQL_MODE='STRICT_ALL_TABLES'`,
  )
})

test("a column more is a line more", () => {
  const columns = [...defaultColumns, { name: "page url", type: "TEXT", from: "context.page.url" } as const]
  expect(createTableSql({ columns })).toContain("\n  `page url` TEXT,\n  SHARD KEY")
})

test("a name is quoted so that nothing in it can end the quote", () => {
  expect(quoteName("a`b")).toBe("`a``b`")
})

test("the segment table is the one that Segment's own destination makes", () => {
  expect(createTableSql({ table: "segment_data", deduplicate: false })).toBe(
    `CREATE TABLE IF NOT EXISTS \`segment_data\` (
  messageId TEXT NOT NULL,
  timestamp DATETIME(6) NOT NULL,
  type TEXT NOT NULL,
  event TEXT,
  name TEXT,
  properties JSON,
  userId TEXT,
  anonymousId TEXT,
  groupId TEXT,
  traits JSON,
  context JSON,
  SHARD KEY ()
) AUTOSTATS_CARDINALITY_MODE=PERIODIC AUTOSTATS_HISTOGRAM_MODE=CREATE SQL_MODE='STRICT_ALL_TABLES'`,
  )
})

test("a table without a time column has no sort key, and options with mistakes are a ConfigError", () => {
  const columns = defaultColumns.filter(({ role }) => role !== "time")
  expect(createTableSql({ columns })).not.toContain("SORT KEY")
  expect(() => createTableSql({ table: "" })).toThrow(
    "createTableSql cannot work with these options: table is not",
  )
})
