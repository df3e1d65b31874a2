import fc from "fast-check"
import { expect, test } from "vitest"
import { byteLength, countBytes } from "./byte-length.ts"

const wellFormed = fc.string({ unit: "binary", maxLength: 200 })

test("Counting in plain ECMAScript returns the same bytes as Node for any well-formed string", () => {
  fc.assert(
    fc.property(wellFormed, text => {
      expect(countBytes(text)).toBe(Buffer.byteLength(text))
      expect(byteLength(text)).toBe(Buffer.byteLength(text))
    }),
  )
})

test.each([
  ["", 0],
  ["a", 1],
  ["ü", 2],
  ["\u07ff", 2],
  ["\u0800", 3],
  ["李", 3],
  ["😀", 4],
])("The string %j has %i bytes", (text, bytes) => {
  expect(countBytes(text)).toBe(bytes)
})
