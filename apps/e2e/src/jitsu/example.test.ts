import { readFileSync } from "node:fs"
import { createTableSql } from "@singlesink/core"
import { expect, test } from "vitest"
import { findStatement } from "./example.ts"

const readme = readFileSync(new URL("../../../../examples/jitsu/README.md", import.meta.url), "utf8")

test("The CREATE TABLE statement in the example's README is the statement of createTableSql", () => {
  expect(findStatement(readme)).toBe(createTableSql({ table: "segment_data" }))
})

test("A README without a CREATE TABLE statement causes an error", () => {
  expect(() => findStatement("# Nothing\n")).toThrow("no CREATE TABLE")
})
