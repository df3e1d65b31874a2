import fc from "fast-check"
import { expect, test } from "vitest"
import { inferProperties } from "./infer.ts"

test.each([
  ["strings", ["a", ""], "text", undefined],
  ["integers", [1, -2, 2 ** 53 - 1], "bigint", undefined],
  ["integers and fractions", [1, 1.5], "double", undefined],
  ["numbers beyond the integers", [1e300], "double", undefined],
  ["integers beyond 2^53", [1, 9007199254740993n], "text", /beyond 2\^53/],
  ["booleans", [true, false], "boolean", undefined],
  ["objects and arrays", [{ a: 1 }, [1]], "json", undefined],
  ["nothing but null", [null], "text", /only null/],
  ["strings and numbers", ["1", 1], "text", /several types \(integer, text\)/],
  ["booleans and integers", [true, 1], "text", /several types/],
  ["objects and strings", [{}, "a"], "json", /several types/],
  ["null among integers", [null, 1], "bigint", undefined],
])("A property with %s has the right type", (_, values, type, note) => {
  const [property] = inferProperties(values.map(value => ({ key: value })))
  expect(property).toMatchObject({ key: "key", type, count: values.length })
  if (note === undefined) expect(property?.note).toBeUndefined()
  else expect(property?.note).toMatch(note)
})

test("The most frequent property is the first one, and values that are not objects have none", () => {
  const found = inferProperties([{ a: 1, b: 1 }, { b: 1 }, [1], "text", null, 5])
  expect(found.map(({ key, count }) => [key, count])).toEqual([
    ["b", 2],
    ["a", 1],
  ])
})

test("The order of the rows does not change the result", () => {
  const rows = fc.array(fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue()))
  fc.assert(
    fc.property(rows, values => {
      expect(inferProperties([...values].reverse())).toEqual(inferProperties(values))
    }),
  )
})
