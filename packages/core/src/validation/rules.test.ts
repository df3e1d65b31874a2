import { describe, expect, test } from "vitest"
import {
  aBoolean,
  aFunction,
  arrayOf,
  aString,
  assertValid,
  integer,
  milliseconds,
  must,
  objectOf,
  oneOf,
  optional,
  optionalObjectOf,
  type Rule,
  toInvalidOptionsError,
  toIssue,
} from "./rules.ts"

const messagesOf = (rule: Rule, value: unknown, path = "x") => rule(value, path).map(({ message }) => message)

describe("a rule for a single value", () => {
  test.each<[string, Rule, unknown[], unknown[], string]>([
    ["aBoolean", aBoolean, [true, false], [0, "true", null, undefined], "true or false"],
    ["aFunction", aFunction, [() => {}], [{}, "f", undefined], "a function"],
    ["aString", aString, ["a", " "], ["", 5, undefined], "a non-empty string"],
    ["oneOf", oneOf(["a", "b"]), ["a", "b"], ["c", "A", undefined], "one of: a, b"],
    ["integer", integer(1, 3), [1, 2, 3], [0, 4, 1.5, "2", Number.NaN], "an integer from 1 to 3"],
    [
      "integer without an upper bound",
      integer(2),
      [2, Number.MAX_SAFE_INTEGER],
      [1, Number.POSITIVE_INFINITY, 2 ** 53],
      "an integer of 2 or more",
    ],
    ["milliseconds", milliseconds(), [0, 2 ** 31 - 1], [-1, 2 ** 31, 0.5], "an integer from 0 to 2147483647"],
    ["milliseconds with a lower bound", milliseconds(5), [5], [4], "an integer from 5 to 2147483647"],
    ["must", must("even", (value: number) => value % 2 === 0), [2], [1, undefined], "even"],
  ])(
    "The rule %s accepts what it describes and names everything else by its path",
    (_, rule, valid, invalid, expected) => {
      for (const value of valid) expect(rule(value, "x")).toEqual([])
      for (const value of invalid) {
        expect(rule(value, "limits.x")).toEqual([
          { path: "limits.x", message: `\`limits.x\` must be ${expected}` },
        ])
      }
    },
  )

  test("An optional value may be undefined, but not null", () => {
    expect(optional(aBoolean)(undefined, "x")).toEqual([])
    expect(optional(aBoolean)(true, "x")).toEqual([])
    expect(messagesOf(optional(aBoolean), null)).toEqual(["`x` must be true or false"])
  })
})

describe("arrayOf", () => {
  test("Each item of an array is checked at its index, holes included", () => {
    expect(arrayOf(aString)(["a", "", "b", 5], "list").map(({ path }) => path)).toEqual(["list.1", "list.3"])
    expect(arrayOf(aString)(new Array(2), "list").map(({ path }) => path)).toEqual(["list.0", "list.1"])
    expect(arrayOf(aString)([], "list")).toEqual([])
  })

  test.each([{ length: 1, 0: "a" }, "a", null, undefined])("The value %j is not an array", value => {
    expect(messagesOf(arrayOf(aString), value)).toEqual(["`x` must be an array"])
  })
})

describe("objectOf", () => {
  const rule = objectOf({ name: aString, limits: optionalObjectOf({ rows: integer(1), bytes: integer(1) }) })

  test("Every member is checked, and every other name is an unknown option", () => {
    expect(rule({ name: "", limits: { rows: 0, row: 1 }, extra: 1 }, "")).toEqual([
      { path: "name", message: "`name` must be a non-empty string" },
      { path: "limits.rows", message: "`limits.rows` must be an integer of 1 or more" },
      { path: "limits.row", message: "Unknown option `limits.row`" },
      { path: "extra", message: "Unknown option `extra`" },
    ])
    expect(messagesOf(rule, {}, "host")).toEqual(["`host.name` must be a non-empty string"])
    expect(rule({ name: "a" }, "")).toEqual([])
  })

  test("A name that every object inherits is an unknown option, too", () => {
    expect(messagesOf(rule, { name: "a", toString: 1 }, "")).toEqual(["Unknown option `toString`"])
    expect(messagesOf(rule, JSON.parse('{"name":"a","__proto__":1}'), "")).toEqual([
      "Unknown option `__proto__`",
    ])
  })

  test.each([null, [], "text", 5, undefined])("The value %j is not an object", value => {
    expect(messagesOf(rule, value, "")).toEqual(["`options` must be an object"])
    expect(messagesOf(rule, value, "limits")).toEqual(["`limits` must be an object"])
  })

  test("optionalObjectOf accepts an object without its members, and undefined", () => {
    const limits = optionalObjectOf({ rows: integer(1) })
    for (const value of [undefined, {}, { rows: undefined }, { rows: 1 }])
      expect(limits(value, "x")).toEqual([])
    expect(messagesOf(limits, null)).toEqual(["`x` must be an object"])
  })
})

describe("the error for wrong options", () => {
  test("The error joins all issues into one sentence and has them as a list", () => {
    const issues = [toIssue("a", "true or false"), { path: "b", message: "Unknown option `b`" }]
    expect(toInvalidOptionsError("createSink", issues)).toMatchObject({
      name: "ConfigError",
      code: "invalid_options",
      ambiguous: false,
      issues,
      message:
        "Invalid options for createSink: `a` must be true or false; Unknown option `b`. [invalid_options]",
    })
  })

  test("assertValid throws if there is an issue, and returns if there is none", () => {
    expect(() => assertValid("close", [toIssue("", "an object")])).toThrow(
      "Invalid options for close: `options` must be an object. [invalid_options]",
    )
    expect(() => assertValid("close", [])).not.toThrow()
  })
})
