import { describe, expect, test } from "vitest"
import { createReader, toKeys } from "./path.ts"

test.each([
  ["userId", ["userId"]],
  ["context.page.url", ["context", "page", "url"]],
  ["context.`a.b`.c d", ["context", "a.b", "c d"]],
  ["`odd``key`", ["odd`key"]],
  ["properties.0", ["properties", "0"]],
  ["$", []],
])("the path %s has the keys %j", (path, keys) => {
  expect(toKeys(path)).toEqual(keys)
})

test.each(["", ".", "a.", ".a", "a..b", "`a", "a`b", "`a`b", "``", "$.a", "a[0]", "$[0]"])(
  "%j is not a path",
  path => {
    expect(toKeys(path)).toBeUndefined()
  },
)

describe("reading", () => {
  const event = { traits: null, context: { traits: { plan: "pro" }, page: "not an object" }, "a.b": 1 }

  test("takes the first of several paths that holds a value", () => {
    expect(createReader(["traits", "context.traits"]).read(event)).toEqual({ plan: "pro" })
  })

  test("finds no value where a step leads through something that is not an object", () => {
    expect(createReader(["context.page.url"]).read(event)).toBeUndefined()
    expect(createReader(["nothing.here"]).read(event)).toBeUndefined()
  })

  test("gives the whole event for $", () => {
    expect(createReader(["$"]).read(event)).toBe(event)
  })

  test("reads a key that has a dot", () => {
    expect(createReader(["`a.b`"]).read(event)).toBe(1)
  })

  test("says where one key is all there is to it", () => {
    expect(createReader(["`a.b`"]).key).toBe("a.b")
    expect(createReader(["a.b"]).key).toBeUndefined()
    expect(createReader(["a", "b"]).key).toBeUndefined()
    expect(createReader(["$"]).key).toBeUndefined()
  })
})
