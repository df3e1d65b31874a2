import { expect, test } from "vitest"
import { defaultColumns } from "../event/columns.ts"
import { createTableSql } from "./create-table.ts"
import { quoteName } from "./identifier.ts"

test("The table of a sink is sharded, sorted and unique by its columns, and every name is quoted", () => {
  expect(createTableSql({ table: "events" })).toBe(
    `CREATE TABLE IF NOT EXISTS \`events\` (
  \`messageId\` TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  \`timestamp\` DATETIME(6) NOT NULL,
  \`type\` TEXT NOT NULL,
  \`event\` TEXT,
  \`name\` TEXT,
  \`properties\` JSON,
  \`userId\` TEXT,
  \`anonymousId\` TEXT,
  \`groupId\` TEXT,
  \`traits\` JSON,
  \`context\` JSON,
  SHARD KEY (\`messageId\`),
  SORT KEY (\`timestamp\`),
  UNIQUE KEY (\`messageId\`) USING HASH
) SQL_MODE='STRICT_ALL_TABLES'`,
  )
})

test("Each additional column adds a line", () => {
  const columns = [...defaultColumns, { name: "page url", type: "TEXT", from: "context.page.url" } as const]
  expect(createTableSql({ columns })).toContain("\n  `page url` TEXT,\n  SHARD KEY")
})

test("Nothing in a name can end the quote", () => {
  expect(quoteName("a`b")).toBe("`a``b`")
  expect(createTableSql({ table: "a`b" })).toContain("CREATE TABLE IF NOT EXISTS `a``b` (")
})

test("A table without deduplication has an empty shard key, no unique key and no collation", () => {
  expect(createTableSql({ table: "segment_data", deduplicate: false })).toBe(
    `CREATE TABLE IF NOT EXISTS \`segment_data\` (
  \`messageId\` TEXT NOT NULL,
  \`timestamp\` DATETIME(6) NOT NULL,
  \`type\` TEXT NOT NULL,
  \`event\` TEXT,
  \`name\` TEXT,
  \`properties\` JSON,
  \`userId\` TEXT,
  \`anonymousId\` TEXT,
  \`groupId\` TEXT,
  \`traits\` JSON,
  \`context\` JSON,
  SHARD KEY ()
) SQL_MODE='STRICT_ALL_TABLES'`,
  )
})

test("A table without a time column has no sort key", () => {
  const columns = defaultColumns.filter(({ role }) => role !== "time")
  expect(createTableSql({ columns })).not.toContain("SORT KEY")
})

test("createTableSql without options uses the defaults", () => {
  expect(createTableSql()).toBe(createTableSql({ table: "segment_data", deduplicate: true }))
})

test("createTableSql throws a ConfigError for invalid options", () => {
  expect(() => createTableSql({ table: "" })).toThrow(
    "Invalid options for createTableSql: `table` must be a string of 1 to 256 characters. [invalid_options]",
  )
})
