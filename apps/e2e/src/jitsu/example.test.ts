import { readFileSync } from "node:fs"
import { createTableSql } from "@singlesink/core"
import { expect, test } from "vitest"
import { findStatement } from "./example.ts"

const readme = readFileSync(new URL("../../../../examples/jitsu/README.md", import.meta.url), "utf8")

test("the table that the example's README tells its reader to create is the one that core makes", () => {
  expect(findStatement(readme)).toBe(createTableSql({ table: "segment_data" }))
})

test("a README without a statement is a sentence", () => {
  expect(() => findStatement("# Nothing\n")).toThrow("no CREATE TABLE")
})
