import { afterAll, describe, expect, test } from "vitest"
import { startEmulator } from "../index.ts"
import { createClient } from "../testing/client.ts"

const { emulator, exec, query } = createClient(await startEmulator())
afterAll(() => emulator.close())
let tables = 0

/** Stores one value in a column of this type, and returns the JSON text of the result, or the error. */
async function roundTrip(type: string, value: unknown): Promise<string> {
  const table = `t${++tables}`
  await exec(`CREATE TABLE ${table} (c ${type})`)
  const stored = await exec(`INSERT INTO ${table} VALUES (?)`, [value])
  if (stored.status !== 200) return stored.text
  const { text } = await query(`SELECT c FROM ${table}`)
  return text.slice('{"results":[{"rows":[{"c":'.length, -"}]}]}".length)
}

test.each([
  ["TINYINT", -128, "-128"],
  ["INT", "1e3", "1000"],
  ["BIGINT", "-9223372036854775808", "-9223372036854775808"],
  ["BOOL", true, "1"],
  ["DOUBLE", 0.1, "0.1"],
  ["DOUBLE", "1e300", "1e+300"],
  ["DECIMAL(10,2)", 1.005, '"1.01"'],
  ["DECIMAL(10,2)", "-0.005", '"-0.01"'],
  ["DECIMAL(38,0)", "99999999999999999999999999999999999999", '"99999999999999999999999999999999999999"'],
  ["TEXT", "a\0b 😀 'x' \\", "\"a\\u0000b 😀 'x' \\\\\""],
  ["TEXT", "", '""'],
  ["TEXT", 1.5, '"1.5"'],
  ["TEXT", false, '"0"'],
  ["TEXT", "\ud800x\udc00", '"\ufffdx\ufffd"'],
  ["VARCHAR(3)", "😀😀😀", '"😀😀😀"'],
  ["DATE", "2024-02-29", '"2024-02-29"'],
  ["DATETIME", "2024-01-02", '"2024-01-02 00:00:00"'],
  ["DATETIME", "2024-01-02 03:04:05.9", '"2024-01-02 03:04:05"'],
  ["DATETIME(6)", "1000-01-01 00:00:00", '"1000-01-01 00:00:00.000000"'],
  ["DATETIME(6)", "9999-12-31 23:59:59.999999", '"9999-12-31 23:59:59.999999"'],
  ["DATETIME(6)", "1969-12-31 23:59:59.5", '"1969-12-31 23:59:59.500000"'],
  ["JSON", null, "null"],
])("A column %s keeps %j", async (type, value, expected) => {
  expect(await roundTrip(type, value)).toBe(expected)
})

describe("JSON columns", () => {
  test.each([
    [
      "keys sorted, also those that look like integers",
      { b: 1, a: { "10": 1, "2": 2 } },
      '{"a":{"10":1,"2":2},"b":1}',
    ],
    ["keys in the order of their bytes", { "😀": 1, "\uffee": 2, z: 3 }, '{"z":3,"\uffee":2,"😀":1}'],
    ["__proto__", JSON.parse('{"__proto__":{"x":1}}'), '{"__proto__":{"x":1}}'],
    ["an empty key, quotes and slashes", { "": "\"\\/'" }, '{"":"\\"\\\\/\'"}'],
    ["NUL in keys and values", { "a\0": "b\0" }, '{"a\\u0000":"b\\u0000"}'],
    ["lone surrogates as U+FFFD", { "\ud800": ["\udc00"] }, '{"\ufffd":["\ufffd"]}'],
    [
      "numbers as doubles",
      JSON.parse("[9007199254740993, 1e21, 1.50, 0.1]"),
      "[9007199254740992,1e+21,1.5,0.1]",
    ],
    ["a JSON text, without its whitespace", ' {"b" : [1, 2 ], "a":null} ', '{"a":null,"b":[1,2]}'],
    ["a text that is a JSON scalar", '"abc"', '"abc"'],
    ["a number", 5, "5"],
    ["a boolean", true, "true"],
    ["an empty array", [], "[]"],
  ])("A JSON column keeps %s", async (_title, value, expected) => {
    expect(await roundTrip("JSON", value)).toBe(expected)
  })

  test.each(["", "abc", "{", "NaN", "[1e999]"])("A JSON column refuses the text %j", async value => {
    expect(await roundTrip("JSON", value)).toBe(
      `Error 3140 (22032): Invalid JSON text: '${value}' for column 'c' at row 1`,
    )
  })

  test("A JSON column refuses more than 1,000 levels", async () => {
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels)
    expect(await roundTrip("JSON", nested(1000))).toBe(nested(1000))
    expect(await roundTrip("JSON", nested(1001))).toMatch(/^Error 3140/)
    expect(await roundTrip("JSON", nested(100_000))).toMatch(/^Error 3140/)
  })
})

test.each([
  ["TINYINT", 128, "Error 1264 (22003): Out of range value for column 'c' at row 1"],
  ["BIGINT", "9223372036854775808", "Error 1264"],
  ["INT", 1.5, "Error 1366 (HY000): Incorrect integer value: '1.5' for column 'c' at row 1"],
  ["INT", "", "Error 1366"],
  ["INT", "0x10", "Error 1366"],
  ["DOUBLE", "1e999", "Error 1264"],
  ["DOUBLE", "Infinity", "Error 1366 (HY000): Incorrect double value: 'Infinity' for column 'c' at row 1"],
  ["DECIMAL(4,2)", 99.999, "Error 1264"],
  ["TEXT", "é".repeat(32_768), "Error 1406"],
  ["VARCHAR(3)", "abcd", "Error 1406"],
  ["TEXT", { a: 1 }, "an object or array cannot be the argument for column 'c' at row 1"],
  [
    "DATE",
    "2024-01-01 00:00:00",
    "Error 1292 (22007): Incorrect date value: '2024-01-01 00:00:00' for column 'c' at row 1",
  ],
  [
    "DATETIME(6)",
    "2024-02-30",
    "Error 1292 (22007): Incorrect datetime value: '2024-02-30' for column 'c' at row 1",
  ],
  ["DATETIME(6)", "2023-02-29", "Error 1292"],
  ["DATETIME(6)", "0999-01-01", "Error 1292"],
  ["DATETIME(6)", "0000-00-00 00:00:00", "Error 1292"],
  ["DATETIME(6)", "2024-01-01T00:00:00", "Error 1292"],
  ["DATETIME(6)", "2024-01-01 00:00:00Z", "Error 1292"],
  ["DATETIME(6)", "2024-01-01 00:00:00+02:00", "Error 1292"],
  ["DATETIME(6)", "2024-01-01 00:00:00.1234567", "Error 1292"],
  ["DATETIME(6)", "2024-01-01 24:00:00", "Error 1292"],
  ["DATETIME(6)", 20240101, "Error 1292"],
  ["INT NOT NULL", null, "Error 1048 (23000): Column 'c' cannot be null"],
])("A column %s refuses an unfit value (%#)", async (type, value, text) => {
  expect(await roundTrip(type, value)).toContain(text)
})

test("A TEXT column holds 65,535 bytes", async () => {
  expect(await roundTrip("TEXT", "é".repeat(32_767))).toHaveLength(32_767 + 2)
})
