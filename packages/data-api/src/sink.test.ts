import { type Column, createSink, createTableSql, defaultColumns } from "@singlesink/core"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createDataApi, type DataApi } from "./data-api.ts"

let emulator: Emulator
let api: DataApi
beforeAll(async () => {
  emulator = await startEmulator()
  api = createDataApi({ url: emulator.url, username: "root", password: "", database: "events" })
})
afterAll(() => emulator.close())

const event = { messageId: "m1", timestamp: "2026-11-22T06:13:12.535Z", type: "track" }

describe("custom columns", () => {
  const columns: Column[] = [
    { ...(defaultColumns[0] as Column), name: "id" },
    { name: "at", type: "DATETIME(6)", from: ["originalTimestamp", "timestamp"], role: "time" },
    { name: "page url", type: "LONGTEXT", from: "context.page.url" },
    { name: "odd`key", type: "TEXT", from: "properties.`a.b c`" },
    { name: "whole", type: "BIGINT", from: "properties.whole" },
    { name: "broken", type: "DOUBLE", from: "properties.broken" },
    { name: "flag", type: "BOOLEAN", from: "properties.flag" },
    { name: "message", type: "JSON", from: "$" },
  ]
  const table = "custom columns"

  test("Custom columns of every type are created, filled and read back", async () => {
    await api.exec(createTableSql({ table, columns }))
    const full = {
      ...event,
      context: { page: { url: `https://example.com/${"x".repeat(70_000)}` } },
      properties: { "a.b c": "found", whole: -(2 ** 53), broken: 0.1 + 0.2, flag: true },
    }
    const sink = createSink({ transport: api, table, columns })
    const bare = { messageId: "m2", originalTimestamp: 0, timestamp: 1 }
    expect(await sink.writeBatch([full, bare])).toEqual([{ status: "stored" }, { status: "stored" }])
    expect(await api.query(`SELECT * FROM \`${table}\` ORDER BY id`)).toEqual([
      {
        id: "m1",
        at: "2026-11-22 06:13:12.535000",
        "page url": full.context.page.url,
        "odd`key": "found",
        whole: -(2 ** 53),
        broken: 0.1 + 0.2,
        flag: 1,
        message: full,
      },
      {
        ...{ id: "m2", at: "1970-01-01 00:00:00.000000", "page url": null, "odd`key": null },
        ...{ whole: null, broken: null, flag: null, message: bare },
      },
    ])
  })

  test.each([
    ["whole", 1.5, "invalid_number"],
    ["whole", 2 ** 63, "invalid_number"],
    ["whole", "12 monkeys", "invalid_number"],
    ["broken", "0.5", "invalid_number"],
    ["broken", Number.NaN, "invalid_number"],
    ["flag", 1, "invalid_boolean"],
  ])("A custom column `%s` rejects the value %s before it is sent", async (name, value, code) => {
    const [outcome] = await createSink({ transport: api, table, columns }).writeBatch([
      { ...event, properties: { [name]: value } },
    ])
    expect(outcome).toMatchObject({ status: "rejected", error: { code, column: name } })
  })

  test.each([2 ** 53, "-9223372036854775808", "+9223372036854775807"])(
    "A BIGINT column stores %s with all its digits",
    async value => {
      const messageId = `whole ${value}`
      await createSink({ transport: api, table, columns }).write({
        ...event,
        messageId,
        properties: { whole: value },
      })
      const sql = `SELECT CAST(whole AS CHAR) AS whole FROM \`${table}\` WHERE id = ?`
      expect(await api.query(sql, [messageId])).toEqual([{ whole: String(BigInt(value)) }])
    },
  )
})

describe("deduplicate: false", () => {
  test("A sink without deduplication stores a repeated event as a second row", async () => {
    await api.exec(createTableSql({ table: "segment", deduplicate: false }))
    const sink = createSink({ transport: api, table: "segment", deduplicate: false })
    await sink.write({ ...event, timestamp: "2026-11-22T06:13:12.5Z" })
    await sink.write(event)
    expect(await api.query("SELECT messageId, timestamp FROM segment ORDER BY timestamp")).toEqual([
      { messageId: "m1", timestamp: "2026-11-22 06:13:12.500000" },
      { messageId: "m1", timestamp: "2026-11-22 06:13:12.535000" },
    ])
    expect(sink.stats()).toMatchObject({ stored: 2, duplicates: 0 })
  })

  test("A sink without deduplication counts rows that a keyed table already holds as duplicates", async () => {
    await api.exec(createTableSql({ table: "keyed" }))
    await createSink({ transport: api, table: "keyed" }).write(event)
    const sink = createSink({ transport: api, table: "keyed", deduplicate: false })
    const outcomes = await sink.writeBatch([
      event,
      { ...event, messageId: "m2" },
      { ...event, messageId: "m3" },
    ])
    expect(outcomes.every(({ status }) => status === "stored")).toBe(true)
    expect(sink.stats()).toMatchObject({ stored: 3, duplicates: 1 })
    expect(await api.query("SELECT COUNT(*) AS n FROM keyed")).toEqual([{ n: 3 }])
  })
})
