import { describe, expect, test } from "vitest"
import { EventError } from "../errors.ts"
import { findRuntime } from "../runtime.ts"
import { type Column, defaultColumns } from "./columns.ts"
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
    [
      "with a lone high surrogate in its messageId",
      { ...minimal, messageId: "x\ud83d" },
      "invalid_text",
      "messageId",
    ],
    [
      "with a lone low surrogate in its messageId",
      { ...minimal, messageId: "\ude00x" },
      "invalid_text",
      "messageId",
    ],
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

  test("A messageId may contain any well-formed character, and spaces", () => {
    for (const messageId of [" m1", "m 1", "m1 ", "李😀", "m1\u00a0", "\0"])
      expect(rowOf({ ...minimal, messageId }).messageId).toBe(messageId)
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

describe("a column with onInvalid: null", () => {
  const columns = defaultColumns.map(
    (column): Column => (column.required === true ? column : { ...column, onInvalid: "null" }),
  )
  const append = createRowReader(
    [...columns, { name: "sentAt", type: "DATETIME(6)", from: "sentAt", onInvalid: "null" }],
    findRuntime(),
  )
  const read = (event: object) => {
    const values: unknown[] = []
    return { nulled: append(event, values), values }
  }

  test.each<[string, object, number]>([
    ["a time that is not ISO 8601", { sentAt: "Mon Nov 23 2026 10:00:00 GMT+0100" }, 11],
    ["an object in a TEXT column", { userId: { id: 1 } }, 6],
    ["a string of more than 65,535 bytes", { name: "x".repeat(65_536) }, 4],
    ["a BigInt in a JSON column", { properties: 1n }, 5],
    [
      "a getter that throws",
      {
        get groupId() {
          throw new Error("secret")
        },
      },
      8,
    ],
  ])("An event with %s is stored with NULL in that column, and the value is counted", (_, part, index) => {
    const plain = read({ ...minimal, event: "Signed Up" })
    const { nulled, values } = read(
      Object.defineProperties({ ...minimal, event: "Signed Up" }, Object.getOwnPropertyDescriptors(part)),
    )
    expect(plain.nulled).toBe(0)
    expect(nulled).toBe(1)
    expect(values[index]).toBeNull()
    expect(values).toEqual(plain.values)
  })

  test("An event whose required value does not fit is rejected", () => {
    expect(() => read({ ...minimal, sentAt: "never", timestamp: "never" })).toThrow(EventError)
  })
})
