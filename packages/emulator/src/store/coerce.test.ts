import { expect, test } from "vitest"
import { startClient } from "../testing/client.ts"

async function coerced(type: string, value: unknown): Promise<unknown> {
  const { exec, rows } = await startClient({ insertIgnoreCoerces: true }, `CREATE TABLE t (c ${type})`)
  const { status, text } = await exec("INSERT IGNORE INTO t VALUES (?)", [value])
  if (status !== 200) return text
  expect(text).toContain('"rowsAffected":1')
  const [row] = (await rows("SELECT c FROM t")) as { c: unknown }[]
  return row?.c
}

test.each([
  ["INT NOT NULL", null, 0],
  ["TEXT NOT NULL", null, ""],
  ["DECIMAL(5,2) NOT NULL", null, "0.00"],
  ["JSON NOT NULL", null, null],
  ["DATE NOT NULL", null, "0000-00-00"],
  ["DATETIME NOT NULL", null, "0000-00-00 00:00:00"],
  ["DATETIME(6)", "2024-01-01T00:00:00Z", "0000-00-00 00:00:00.000000"],
  ["DATETIME(6)", "2024-02-30", "0000-00-00 00:00:00.000000"],
  ["VARCHAR(3)", "😀😀😀😀", "😀😀😀"],
  ["TEXT", `${"x".repeat(65_533)}😀`, "x".repeat(65_533)],
  ["TEXT", "é".repeat(32_768), "é".repeat(32_767)],
  ["TINYINT", 200, 127],
  ["TINYINT", "-1e9", -128],
  ["INT", "12 apples", 12],
  ["INT", "apples", 0],
  ["INT", "1.5", 2],
  ["INT", "", 0],
  ["DECIMAL(4,2)", "-99.999", "-99.99"],
  ["DECIMAL(4,2)", "1.239x", "1.24"],
  ["DOUBLE", "1e999", 1.7976931348623157e308],
  ["DOUBLE", ".5 of it", 0.5],
  ["INT", 7, 7],
  ["JSON", "{", "Error 3140 (22032): Invalid JSON text: '{' for column 'c' at row 1"],
  [
    "TEXT",
    [1],
    "an object or array cannot be the argument for column 'c' at row 1: only JSON columns take them",
  ],
])("With insertIgnoreCoerces, INSERT IGNORE fits a value to %s (%#)", async (type, value, expected) => {
  expect(await coerced(type, value)).toEqual(expected)
})

test("A column without a value has its zero value, and duplicates are left out", async () => {
  const { exec, rows } = await startClient(
    { insertIgnoreCoerces: true },
    "CREATE TABLE t (id VARCHAR(2) NOT NULL, n INT NOT NULL, UNIQUE KEY (id))",
  )
  expect((await exec("INSERT IGNORE INTO t (id) VALUES ('abc'), ('abd'), (DEFAULT)")).text).toContain(
    '"rowsAffected":2',
  )
  expect(await rows("SELECT * FROM t ORDER BY id")).toEqual([
    { id: "", n: 0 },
    { id: "ab", n: 0 },
  ])
})

test("The zero value of a time converts to text and sorts first", async () => {
  const { rows } = await startClient(
    { insertIgnoreCoerces: true },
    "CREATE TABLE t (at DATETIME(6), day DATE)",
    "INSERT IGNORE INTO t VALUES ('2024-01-02', '2024-01-02'), ('x', 'x')",
  )
  expect(
    await rows(
      "SELECT CONCAT(at, '') AS at, CONCAT(day, '') AS day, at < '1000-01-01' AS early FROM t ORDER BY at",
    ),
  ).toEqual([
    { at: "0000-00-00 00:00:00.000000", day: "0000-00-00", early: 1 },
    { at: "2024-01-02 00:00:00.000000", day: "2024-01-02", early: 0 },
  ])
})

test("A plain INSERT does not change values", async () => {
  const { exec } = await startClient({ insertIgnoreCoerces: true }, "CREATE TABLE t (n INT NOT NULL)")
  expect((await exec("INSERT INTO t VALUES ('x')")).text).toMatch(/^Error 1366/)
})
