import fc from "fast-check"
import { expect, test } from "vitest"
import { toScript } from "./statements.ts"

test("A script has the notes as comments, and a semicolon after each statement", () => {
  expect(toScript({ notes: ["one", "two"], statements: ["SELECT 1", "SELECT 2"] })).toBe(
    "-- one\n-- two\nSELECT 1;\n\nSELECT 2;",
  )
})

test("Nothing in a note can end its comment", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), note => {
      const lines = toScript({ notes: [note], statements: ["SELECT 1"] }).split(/[\n\r\u0085\u2028\u2029]/)
      expect(lines).toHaveLength(2)
      expect(lines[0]).toMatch(/^-- /)
    }),
  )
})
