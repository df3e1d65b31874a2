import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest"
import { z } from "zod/mini"
import { createDataApi, type DataApi } from "../data-api.ts"
import type { Fetch } from "../http/fetch.ts"
import { undiciFetch } from "../undici/undici.ts"
import { parseExact } from "./exact.ts"

const undici = undiciFetch()
let emulator: Emulator
let api: DataApi
const open = (fetch?: Fetch) =>
  createDataApi({ url: emulator.url, username: "root", password: "", database: "events", fetch })
beforeAll(async () => {
  emulator = await startEmulator()
  api = open()
  await api.exec(
    "CREATE TABLE kinds (id BIGINT, flag BOOLEAN, d DOUBLE, n DECIMAL(20, 4), t TEXT, at DATETIME(6), day DATE, j JSON)",
  )
  const insert = "INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
  const at = "2026-11-22 06:13:12.535000"
  const json = { a: [1, null], deep: { n: 1 }, __proto__x: 1 }
  await api.exec(insert, ["9007199254740993", true, 0.1, "12.5000", "é", at, "2026-11-22", json])
  await api.exec(insert, [null, null, null, null, null, null, null, null])
})
afterAll(() => Promise.all([emulator.close(), undici.close()]))

describe("returned values", () => {
  test("A query returns the documented JavaScript value for each column type", async () => {
    const [row] = await api.query("SELECT * FROM kinds WHERE t = ?", ["é"])
    expect(row).toEqual({
      id: 9007199254740992,
      flag: 1,
      d: 0.1,
      n: "12.5000",
      t: "é",
      at: "2026-11-22 06:13:12.535000",
      day: "2026-11-22",
      j: { a: [1, null], deep: { n: 1 }, __proto__x: 1 },
    })
  })

  test("The exact parser keeps all digits, with a bigint if a number cannot represent them", async () => {
    const sql = "SELECT id, d, j, 7 AS small FROM kinds WHERE t = ?"
    const [row] = await api.query(sql, ["é"], { parse: parseExact })
    expect(row).toEqual({
      id: 9007199254740993n,
      d: 0.1,
      j: expect.objectContaining({ a: [1, null] }),
      small: 7,
    })
  })

  test("A query returns null for NULL in every column type", async () => {
    const [row] = await api.query("SELECT * FROM kinds WHERE id IS NULL")
    expect(Object.values(row ?? {})).toEqual(Array(8).fill(null))
  })
})

test.each([
  ["9007199254740993", 9007199254740993n],
  ["-9007199254740993", -9007199254740993n],
  ["9007199254740991", 9007199254740991],
  ["1e400", Number.POSITIVE_INFINITY],
  ["0.1", 0.1],
  ["-0", -0],
  ['"9007199254740993"', "9007199254740993"],
])("The exact parser reads %s as %s", (json, value) => {
  expect(parseExact(json)).toBe(value)
})

test("The exact parser uses the last value of a duplicate key, like JSON.parse", () => {
  expect(parseExact('{"id":1,"id":2}')).toEqual({ id: 2 })
})

test("A parse function that throws is reported as schema_mismatch", async () => {
  const parse = () => {
    throw new Error("odd")
  }
  const failure = api.query("SELECT 1 AS one", [], { parse })
  await expect(failure).rejects.toMatchObject({ name: "ConfigError", code: "schema_mismatch" })
})

test("The exact parser keeps __proto__ as an ordinary key", () => {
  const read = parseExact('{"__proto__":{"polluted":1}}') as object
  expect(Object.keys(read)).toEqual(["__proto__"])
  expect((read as { polluted?: number }).polluted).toBeUndefined()
})

describe("schemas", () => {
  const schema = z.object({ id: z.nullable(z.number()), at: z.nullable(z.string()) })

  test("A schema determines the type and the values of the rows", async () => {
    const toYear = z.pipe(
      z.object({ at: z.string() }),
      z.transform(({ at }) => ({ year: Number(at.slice(0, 4)) })),
    )
    const rows = await api.query("SELECT at FROM kinds WHERE t = 'é'", [], { schema: toYear })
    expectTypeOf(rows).toEqualTypeOf<{ year: number }[]>()
    expect(rows).toEqual([{ year: 2026 }])
    expect(await api.query("SELECT id, at FROM kinds", [], { schema })).toHaveLength(2)
  })

  test("A row that does not match the schema is reported by its number and path, without its value", async () => {
    const failure = api.query("SELECT t AS id, at FROM kinds ORDER BY at DESC", [], { schema })
    const error = await failure.catch(error => error)
    expect(error).toMatchObject({ name: "ConfigError", code: "schema_mismatch" })
    expect(error.message).toMatch(/^Row 1 of the result does not match the schema at id\./)
    expect(error.message).not.toContain("é")
  })

  test.each<[string, unknown]>([
    ["returns undefined", undefined],
    ["returns issues that are not an array", { issues: "x" }],
    ["returns null as an issue", { issues: [null] }],
    ["returns null in a path", { issues: [{ path: [null] }] }],
  ])("A schema that %s is reported as schema_mismatch", async (_, result) => {
    const odd = { "~standard": { version: 1, vendor: "x", validate: () => result } }
    await expect(api.query("SELECT 1 AS one", [], { schema: odd as never })).rejects.toMatchObject({
      code: "schema_mismatch",
    })
  })

  test("A schema that throws is reported as schema_mismatch, without the thrown message", async () => {
    const throwing = {
      "~standard": {
        version: 1,
        vendor: "x",
        validate: () => {
          throw new Error("hunter2")
        },
      },
    }
    const error = await api.query("SELECT 1 AS one", [], { schema: throwing as never }).catch(error => error)
    expect(error).toMatchObject({ code: "schema_mismatch" })
    expect(error.message).not.toContain("hunter2")
  })
})

test.each([
  ["the platform's fetch", undefined],
  ["undiciFetch", undici],
])("A query with %s rejects a response over maxBytes and accepts one below it", async (_, fetch) => {
  const call = open(fetch).query("SELECT ? AS t", ["x".repeat(200_000)], { maxBytes: 100_000 })
  await expect(call).rejects.toMatchObject({ name: "ConfigError", code: "response_too_large" })
  await expect(
    open(fetch).query("SELECT ? AS t", ["x".repeat(90_000)], { maxBytes: 100_000 }),
  ).resolves.toHaveLength(1)
})
