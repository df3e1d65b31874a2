import { createSink, quoteName } from "@singlesink/core"
import fc from "fast-check"
import { expect, test } from "vitest"
import { toKeys } from "./path.ts"

test.each([
  ["userId", ["userId"]],
  ["context.page.url", ["context", "page", "url"]],
  ["context.`a.b`.c", ["context", "a.b", "c"]],
  ["`a``b`", ["a`b"]],
  ["$", []],
])("The path %s has the keys %j", (path, keys) => {
  expect(toKeys(path)).toEqual(keys)
})

test("For every list of keys, the path in backticks has these keys, and core accepts it", () => {
  const transport = { database: "events", send: () => Promise.reject(new Error()) }
  const column = { name: "c", type: "TEXT", required: true, role: "id" } as const
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, unit: "binary" }), { minLength: 1 }), keys => {
      const path = keys.map(quoteName).join(".")
      expect(toKeys(path)).toEqual(keys)
      expect(() => createSink({ transport, columns: [{ ...column, from: path }] })).not.toThrow()
    }),
  )
})
