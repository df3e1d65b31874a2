import fc from "fast-check"
import { expect, test } from "vitest"
import { byteLength, countBytes } from "./byte-length.ts"

const wellFormed = fc.string({ unit: "binary", maxLength: 200 })

test("counting in plain ECMAScript gives what Node counts, for any well-formed text", () => {
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
])("%j is %i bytes", (text, bytes) => {
  expect(countBytes(text)).toBe(bytes)
})
