import { describe, expect, test } from "vitest"
import { EventError } from "../errors.ts"
import { findRuntime } from "../runtime.ts"
import { defaultColumns } from "./columns.ts"
import { createRowReader } from "./row.ts"

const appendRow = createRowReader(defaultColumns, findRuntime())
const minimal = { messageId: "m1", timestamp: "2026-11-22T06:13:12.535Z", type: "track" }

function readRow(event: unknown): unknown[] {
  const values: unknown[] = []
  appendRow(event, values)
  return values
}

/** The values of an event's row by column, as the server receives them. */
function rowOf(event: object): Record<string, unknown> {
  const values: unknown[] = JSON.parse(JSON.stringify(readRow(event)))
  return Object.fromEntries(defaultColumns.map((column, index) => [column.name, values[index]]))
}

function rejectionOf(event: unknown): EventError {
  try {
    readRow(event)
  } catch (error) {
    if (error instanceof EventError) return error
    throw error
  }
  throw new Error("the event was not rejected")
}

describe("a row", () => {
  test("A row has a value for each column, in order, and null if the event has none", () => {
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

  test("A row takes the event's own traits, and context.traits if there are none", () => {
    const context = { traits: { from: "context" } }
    expect(rowOf({ ...minimal, context, traits: { from: "event" } }).traits).toEqual({ from: "event" })
    expect(rowOf({ ...minimal, context }).traits).toEqual({ from: "context" })
    expect(rowOf({ ...minimal, context, traits: {} }).traits).toEqual({})
  })

  test("A row keeps an empty string and a custom type as they are", () => {
    expect(rowOf({ ...minimal, type: "custom", userId: "" })).toMatchObject({ type: "custom", userId: "" })
  })

  test("A TEXT column takes numbers, booleans and BigInts as text", () => {
    const row = rowOf({ ...minimal, userId: 42, groupId: true, anonymousId: 2n ** 64n })
    expect(row).toMatchObject({ userId: "42", groupId: "true", anonymousId: "18446744073709551616" })
  })

  test("A JSON column takes scalars as JSON text, which the server accepts as JSON", () => {
    const scalars = { properties: 'a "quote"', traits: 5, context: false }
    expect(rowOf({ ...minimal, ...scalars })).toMatchObject({
      properties: '"a \\"quote\\""',
      traits: "5",
      context: "false",
    })
    expect(rowOf({ ...minimal, properties: new Date(0) }).properties).toBe('"1970-01-01T00:00:00.000Z"')
    expect(rowOf({ ...minimal, properties: [1, "x"] }).properties).toEqual([1, "x"])
  })

  test("Reading a row does not change the event", () => {
    const event = Object.freeze({ ...minimal, properties: Object.freeze({ a: 1 }) })
    expect(() => readRow(event)).not.toThrow()
  })
})

describe("an event that can never be a row", () => {
  test.each<[string, unknown, string, string | undefined]>([
    ["without a messageId", { ...minimal, messageId: undefined }, "missing_value", "messageId"],
    ["with a blank messageId", { ...minimal, messageId: " \t" }, "missing_value", "messageId"],
    ["without a type", { ...minimal, type: null }, "missing_value", "type"],
    ["without a timestamp", { ...minimal, timestamp: undefined }, "missing_value", "timestamp"],
    ["with an invalid timestamp", { ...minimal, timestamp: "yesterday" }, "invalid_timestamp", "timestamp"],
    ["with an object as userId", { ...minimal, userId: { id: 1 } }, "invalid_text", "userId"],
    [
      "with a string of more than 65,535 bytes",
      { ...minimal, event: "ü".repeat(32_768) },
      "text_too_long",
      "event",
    ],
    ["with a BigInt in a JSON column", { ...minimal, context: 1n }, "invalid_json", "context"],
    ["of null", null, "not_an_event", undefined],
    ["of 42", 42, "not_an_event", undefined],
    ["in an array", [minimal], "not_an_event", undefined],
  ])("An event %s is rejected with its code and column", (_, event, code, column) => {
    expect(rejectionOf(event)).toMatchObject({ name: "EventError", code, column })
  })

  test("An event with a getter that throws is rejected without the message of the thrown error", () => {
    const event = {
      ...minimal,
      get userId() {
        throw new Error("secret value")
      },
    }
    expect(rejectionOf(event)).toMatchObject({ code: "invalid_json", column: "userId" })
    expect(rejectionOf(event).message).not.toContain("secret")
  })

  test("An event that is rejected leaves none of its values among those of other events", () => {
    const values: unknown[] = ["other"]
    expect(() => appendRow({ ...minimal, context: 1n }, values)).toThrow("context")
    expect(values).toEqual(["other"])
  })

  test("A string of 65,535 bytes fits a TEXT column", () => {
    expect(rowOf({ ...minimal, event: "x".repeat(65_535) }).event).toHaveLength(65_535)
  })
})
