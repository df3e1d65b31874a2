import { describe, expect, test } from "vitest"
import { EventError } from "../errors.ts"
import { layouts } from "../layout.ts"
import { findRuntime } from "../runtime.ts"
import { defaultColumns } from "./columns.ts"
import { createRowReader } from "./row.ts"

const appendRow = createRowReader(defaultColumns, layouts.keyed, findRuntime())
const minimal = { messageId: "m1", timestamp: "2026-11-22T06:13:12.535Z", type: "track" }

function readRow(event: unknown): unknown[] {
  const values: unknown[] = []
  appendRow(event, values)
  return values
}

/** The values of an event's row by column, as they arrive. */
function rowOf(event: object): Record<string, unknown> {
  const values: unknown[] = JSON.parse(JSON.stringify(readRow(event)))
  return Object.fromEntries(defaultColumns.map((column, index) => [column.name, values[index]]))
}

function refusalOf(event: unknown): EventError {
  try {
    readRow(event)
  } catch (error) {
    if (error instanceof EventError) return error
    throw error
  }
  throw new Error("the event was not refused")
}

describe("a row", () => {
  test("has a value for each column, in order, and null for what the event lacks", () => {
    expect(rowOf({ ...minimal, event: "Signed Up", userId: "u1", properties: { a: [1] } })).toEqual({
      messageId: "m1",
      timestamp: "2026-11-22 06:13:12.535000",
      type: "track",
      event: "Signed Up",
      name: null,
      properties: { a: [1] },
      userId: "u1",
      anonymousId: null,
      groupId: null,
      traits: null,
      context: null,
    })
  })

  test("takes the event's own traits, and context.traits where it has none", () => {
    const context = { traits: { from: "context" } }
    expect(rowOf({ ...minimal, context, traits: { from: "event" } }).traits).toEqual({ from: "event" })
    expect(rowOf({ ...minimal, context }).traits).toEqual({ from: "context" })
    expect(rowOf({ ...minimal, context, traits: {} }).traits).toEqual({})
  })

  test("keeps '' as '' and any type as it is", () => {
    expect(rowOf({ ...minimal, type: "custom", userId: "" })).toMatchObject({ type: "custom", userId: "" })
  })

  test("has numbers, booleans and big integers as text in text columns", () => {
    const row = rowOf({ ...minimal, userId: 42, groupId: true, anonymousId: 2n ** 64n })
    expect(row).toMatchObject({ userId: "42", groupId: "true", anonymousId: "18446744073709551616" })
  })

  test("has scalars as JSON text in JSON columns, so that the server takes them as JSON", () => {
    const scalars = { properties: 'a "quote"', traits: 5, context: false }
    expect(rowOf({ ...minimal, ...scalars })).toMatchObject({
      properties: '"a \\"quote\\""',
      traits: "5",
      context: "false",
    })
    expect(rowOf({ ...minimal, properties: new Date(0) }).properties).toBe('"1970-01-01T00:00:00.000Z"')
    expect(rowOf({ ...minimal, properties: [1, "x"] }).properties).toEqual([1, "x"])
  })

  test("leaves the event as it was", () => {
    const event = Object.freeze({ ...minimal, properties: Object.freeze({ a: 1 }) })
    expect(() => readRow(event)).not.toThrow()
  })
})

describe("an event that can never be a row is refused with the column and the reason", () => {
  test.each<[string, unknown, string, string | undefined]>([
    ["no messageId", { ...minimal, messageId: undefined }, "missing_value", "messageId"],
    ["a blank messageId", { ...minimal, messageId: " \t" }, "missing_value", "messageId"],
    ["no type", { ...minimal, type: null }, "missing_value", "type"],
    ["no timestamp", { ...minimal, timestamp: undefined }, "missing_value", "timestamp"],
    ["a bad timestamp", { ...minimal, timestamp: "yesterday" }, "invalid_timestamp", "timestamp"],
    ["an object as userId", { ...minimal, userId: { id: 1 } }, "invalid_text", "userId"],
    ["a text over 65,535 bytes", { ...minimal, event: "ü".repeat(32_768) }, "text_too_long", "event"],
    ["a BigInt as JSON", { ...minimal, context: 1n }, "invalid_json", "context"],
    ["null", null, "not_an_event", undefined],
    ["42", 42, "not_an_event", undefined],
    ["a list", [minimal], "not_an_event", undefined],
  ])("%s", (_, event, code, column) => {
    expect(refusalOf(event)).toMatchObject({ name: "EventError", code, column })
  })

  test("a getter that throws is refused without what it threw", () => {
    const event = {
      ...minimal,
      get userId() {
        throw new Error("secret value")
      },
    }
    expect(refusalOf(event)).toMatchObject({ code: "invalid_json", column: "userId" })
    expect(refusalOf(event).message).not.toContain("secret")
  })

  test("nothing of it is left among the values of others", () => {
    const values: unknown[] = ["other"]
    expect(() => appendRow({ ...minimal, context: 1n }, values)).toThrow("context")
    expect(values).toEqual(["other"])
  })

  test("the longest TEXT still fits", () => {
    expect(rowOf({ ...minimal, event: "x".repeat(65_535) }).event).toHaveLength(65_535)
  })
})
