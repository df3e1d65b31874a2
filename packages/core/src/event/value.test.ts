import { inspect } from "node:util"
import { describe, expect, test } from "vitest"
import { findRuntime } from "../runtime.ts"
import type { ColumnType } from "./columns.ts"
import { createEncoders } from "./value.ts"

const encoders = createEncoders(findRuntime())
const encode = (type: ColumnType, value: unknown) => encoders[type](value, { name: "c", type, from: "c" })

/** A value as it appears in a title. */
const show = (value: unknown) =>
  inspect(value, { maxStringLength: 24, breakLength: Number.POSITIVE_INFINITY })

const long = "x".repeat(65_536)

describe("a value that fits its column", () => {
  const cases: [ColumnType, unknown, unknown][] = [
    ["TEXT", "", ""],
    ["TEXT", 0, "0"],
    ["TEXT", 1e21, "1e+21"],
    ["TEXT", false, "false"],
    ["TEXT", 12n, "12"],
    ["TEXT", "ü".repeat(32_767), "ü".repeat(32_767)],
    ["LONGTEXT", long, long],
    ["LONGTEXT", 5, "5"],
    ["DATETIME(6)", 0, "1970-01-01 00:00:00.000000"],
    ["JSON", [1], [1]],
    ["JSON", "a", '"a"'],
    ["JSON", true, "true"],
    ["JSON", Number.POSITIVE_INFINITY, "null"],
    ["JSON", { toJSON: () => "plain" }, '"plain"'],
    ["JSON", { toJSON: () => null }, "null"],
    ["JSON", { toJSON: () => ({ a: new Date(0) }) }, { a: "1970-01-01T00:00:00.000Z" }],
    ["JSON", new String("abc"), '"abc"'],
    ["JSON", new Number(5), "5"],
    ["JSON", new Boolean(false), "false"],
    ["JSON", { toJSON: "not a function" }, { toJSON: "not a function" }],
    ["JSON", Symbol("s"), null],
    ["BIGINT", 0, "0"],
    ["BIGINT", -5, "-5"],
    ["BIGINT", "007", "7"],
    ["BIGINT", "+5", "5"],
    ["BIGINT", "-9223372036854775808", "-9223372036854775808"],
    ["BIGINT", 9223372036854775807n, "9223372036854775807"],
    ["DOUBLE", -0.5, -0.5],
    ["DOUBLE", 1e300, 1e300],
    ["BOOLEAN", true, true],
    ["BOOLEAN", false, false],
  ]
  const titled = cases.map(([type, value, expected]) => [type, show(value), value, expected] as const)
  test.each(titled)("A %s column takes %s", (type, _, value, expected) => {
    expect(encode(type, value)).toEqual(expected)
  })
})

describe("a value that does not fit its column", () => {
  const cases: [ColumnType, unknown, string, string][] = [
    ["TEXT", long, "text_too_long", "Column c is longer than 65535 bytes. [text_too_long]"],
    ["TEXT", "ü".repeat(32_768), "text_too_long", "65535"],
    ["TEXT", {}, "invalid_text", "Column c must be a string, a number or a boolean. [invalid_text]"],
    ["LONGTEXT", [], "invalid_text", "must be a string, a number or a boolean"],
    [
      "DATETIME(6)",
      "never",
      "invalid_timestamp",
      "Column c is not a valid time: it is not an extended ISO 8601 date or time. Expected extended ISO 8601, a Date, or epoch milliseconds. [invalid_timestamp]",
    ],
    ["JSON", 1n, "invalid_json", "Column c is a BigInt. [invalid_json]"],
    ["BIGINT", 0.5, "invalid_number", "Column c must be an integer. [invalid_number]"],
    ["BIGINT", "5.0", "invalid_number", "Column c must be an integer. [invalid_number]"],
    ["BIGINT", "", "invalid_number", "Column c must be an integer. [invalid_number]"],
    ["BIGINT", "x5", "invalid_number", "Column c must be an integer. [invalid_number]"],
    ["BIGINT", "5x", "invalid_number", "Column c must be an integer. [invalid_number]"],
    ["BIGINT", true, "invalid_number", "Column c must be an integer. [invalid_number]"],
    ["BIGINT", 2n ** 63n, "invalid_number", "Column c is outside the range of a BIGINT. [invalid_number]"],
    [
      "BIGINT",
      -(2n ** 63n) - 1n,
      "invalid_number",
      "Column c is outside the range of a BIGINT. [invalid_number]",
    ],
    ["BIGINT", 1e300, "invalid_number", "Column c is outside the range of a BIGINT. [invalid_number]"],
    ["DOUBLE", Number.NaN, "invalid_number", "Column c must be a finite number. [invalid_number]"],
    ["DOUBLE", "1", "invalid_number", "Column c must be a finite number. [invalid_number]"],
    ["BOOLEAN", 0, "invalid_boolean", "Column c must be true or false. [invalid_boolean]"],
    ["BOOLEAN", "true", "invalid_boolean", "Column c must be true or false. [invalid_boolean]"],
  ]
  const titled = cases.map(([type, value, ...rest]) => [type, show(value), value, ...rest] as const)
  test.each(titled)(
    "A %s column rejects %s with a code and a whole sentence",
    (type, _, value, code, sentence) => {
      expect(() => encode(type, value)).toThrow(
        expect.objectContaining({ name: "EventError", code, column: "c" }),
      )
      expect(() => encode(type, value)).toThrow(sentence)
    },
  )
})
