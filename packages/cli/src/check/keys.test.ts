import { defaultColumns } from "@singlesink/core"
import { expect, test } from "vitest"
import type { FoundKey, TableShape } from "../table/shape.ts"
import { checkCollation, checkSortKey, checkUniqueKey } from "./keys.ts"

const settings = { columns: defaultColumns, deduplicate: true }

const shapeOf = (keys: readonly FoundKey[], collation = "utf8mb4_bin"): TableShape => ({
  kind: "table",
  namesakes: [],
  isRowstore: false,
  columns: [{ name: "messageId", type: "text", isNullable: false, isFilled: false, collation }],
  keys,
})

const unique = (...columns: string[]): FoundKey => ({ kind: "unique", columns })
const shard = (...columns: string[]): FoundKey => ({ kind: "shard", columns })

test.each([
  ["only messageId", [unique("messageId"), shard("messageId")], "ok", "Unique by messageId"],
  ["messageId in another case", [unique("MESSAGEID")], "ok", "Unique by messageId"],
  ["messageId and userId", [unique("messageId", "userId")], "warning", "with another userId is stored again"],
  ["userId alone", [unique("userId")], "failed", "drops different events"],
  ["messageId, and another on userId", [unique("messageId"), unique("userId")], "failed", "userId"],
  ["messageId, sharded by userId", [unique("messageId"), shard("userId")], "failed", "within a partition"],
  ["nothing", [], "failed", "INSERT IGNORE does not deduplicate"],
] as const)("With deduplication a table that is unique by %s is reported", (_, keys, status, message) => {
  const finding = checkUniqueKey(shapeOf(keys), settings)
  expect(finding.status).toBe(status)
  expect(finding.message).toContain(message)
})

test("With --no-deduplicate a table with a unique key is a warning", () => {
  const finding = checkUniqueKey(shapeOf([unique("messageId")]), { ...settings, deduplicate: false })
  expect(finding.status).toBe("warning")
  expect(finding.message).toContain("Remove --no-deduplicate")
})

test.each([
  [["timestamp"], "ok", "Sorted by timestamp."],
  [["userId", "timestamp"], "warning", "has the sort key userId, timestamp instead of timestamp"],
  [[], "warning", "has no sort key instead of timestamp"],
] as const)("A table that is sorted by %j is reported as %s", (columns, status, message) => {
  const finding = checkSortKey(shapeOf([{ kind: "sort", columns }]), settings)
  expect(finding.status).toBe(status)
  expect(finding.message).toContain(message)
})

test("An id with a case-insensitive collation is a warning, because ids that differ in case are one event", () => {
  expect(checkCollation(shapeOf([], "utf8mb4_bin"), settings).status).toBe("ok")
  const finding = checkCollation(shapeOf([], "utf8mb4_general_ci"), settings)
  expect(finding.status).toBe("warning")
  expect(finding.message).toContain("ids that differ only in case are one event")
})
