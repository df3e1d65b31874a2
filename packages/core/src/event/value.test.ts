import { describe, expect, test } from "vitest"
import { layouts } from "../layout.ts"
import { findRuntime } from "../runtime.ts"
import type { ColumnType } from "./columns.ts"
import { createEncoders } from "./value.ts"

const encoders = createEncoders(layouts.keyed, findRuntime())
const encode = (type: ColumnType, value: unknown) => encoders[type](value, { name: "c", type, from: "c" })

const long = "x".repeat(65_536)

describe("a value that its column holds", () => {
  test.each<[ColumnType, unknown, unknown]>([
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
  ])("%s of %s", (type, value, expected) => {
    expect(encode(type, value)).toEqual(expected)
  })
})

describe("a value that its column does not hold is refused by code and column, in a whole sentence", () => {
  test.each<[ColumnType, unknown, string, string]>([
    ["TEXT", long, "text_too_long", "Column c is longer than the 65535 bytes that a TEXT holds. ("],
    ["TEXT", "ü".repeat(32_768), "text_too_long", "65535"],
    ["TEXT", {}, "invalid_text", "Column c holds neither text, a number nor a boolean. ("],
    ["LONGTEXT", [], "invalid_text", "neither text"],
    ["DATETIME(6)", "never", "invalid_timestamp", "Send extended ISO 8601, a Date or whole epoch milliseconds. ("],
    ["JSON", 1n, "invalid_json", "Column c is a BigInt, which JSON does not have. ("],
    ["BIGINT", 0.5, "invalid_number", "not a whole number"],
    ["BIGINT", "5.0", "invalid_number", "not a whole number"],
    ["BIGINT", "", "invalid_number", "not a whole number"],
    ["BIGINT", "x5", "invalid_number", "not a whole number"],
    ["BIGINT", "5x", "invalid_number", "not a whole number"],
    ["BIGINT", true, "invalid_number", "not a whole number"],
    ["BIGINT", 2n ** 63n, "invalid_number", "outside the range"],
    ["BIGINT", -(2n ** 63n) - 1n, "invalid_number", "outside the range"],
    ["BIGINT", 1e300, "invalid_number", "outside the range"],
    ["DOUBLE", Number.NaN, "invalid_number", "not a finite number"],
    ["DOUBLE", "1", "invalid_number", "not a finite number"],
    ["BOOLEAN", 0, "invalid_boolean", "neither true nor false"],
    ["BOOLEAN", "true", "invalid_boolean", "neither true nor false"],
  ])("%s of %s", (type, value, code, sentence) => {
    expect(() => encode(type, value)).toThrow(
      expect.objectContaining({ name: "EventError", code, column: "c" }),
    )
    expect(() => encode(type, value)).toThrow(sentence)
  })
})
