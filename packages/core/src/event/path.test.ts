import { describe, expect, test } from "vitest"
import { createReader, toKeys } from "./path.ts"

test.each([
  ["userId", ["userId"]],
  ["context.page.url", ["context", "page", "url"]],
  ["context.`a.b`.c d", ["context", "a.b", "c d"]],
  ["`odd``key`", ["odd`key"]],
  ["properties.0", ["properties", "0"]],
  ["$", []],
])("The path %s has the keys %j", (path, keys) => {
  expect(toKeys(path)).toEqual(keys)
})

test.each(["", ".", "a.", ".a", "a..b", "`a", "a`b", "`a`b", "``", "$.a", "a[0]", "$[0]"])(
  "The string %j is not a path",
  path => {
    expect(toKeys(path)).toBeUndefined()
  },
)

describe("createReader", () => {
  const event = { traits: null, context: { traits: { plan: "pro" }, page: "not an object" }, "a.b": 1 }

  test("A reader returns the value of the first path that has one", () => {
    expect(createReader(["traits", "context.traits"]).read(event)).toEqual({ plan: "pro" })
  })

  test("A reader returns undefined if a step of the path is not an object", () => {
    expect(createReader(["context.page.url"]).read(event)).toBeUndefined()
    expect(createReader(["nothing.here"]).read(event)).toBeUndefined()
  })

  test("A reader of the path $ returns the whole event", () => {
    expect(createReader(["$"]).read(event)).toBe(event)
  })

  test("A reader finds a key that contains a dot", () => {
    expect(createReader(["`a.b`"]).read(event)).toBe(1)
  })

  test("A reader names its key only if it has one path with one key", () => {
    expect(createReader(["`a.b`"]).key).toBe("a.b")
    expect(createReader(["a.b"]).key).toBeUndefined()
    expect(createReader(["a", "b"]).key).toBeUndefined()
    expect(createReader(["$"]).key).toBeUndefined()
  })
})
