import { expect, test } from "vitest"
import { type Column, defaultColumns } from "./columns.ts"
import { ConfigError } from "./errors.ts"
import { type SinkOptions, toSinkOptions } from "./options.ts"

const api = { database: "db", send: async () => ({ rowsAffected: 0 }) }

function mistakesOf(options: unknown): string {
  try {
    toSinkOptions(options as SinkOptions)
  } catch (error) {
    if (error instanceof ConfigError && error.code === "bad_options") return error.message
    throw error
  }
  return ""
}

test("what is left out has its default", () => {
  expect(toSinkOptions({ api })).toEqual({
    api,
    table: "segment_data",
    columns: defaultColumns,
    // 65,000 placeholders are enough for 5,000 rows of eleven columns.
    limits: { maxRows: 5_000, maxBytes: 1_000_000, maxInFlight: 4 },
  })
})

test("rows times columns stay within 65,000", () => {
  const extra: Column[] = Array.from({ length: 9 }, (_, i) => ({
    name: `x${i}`,
    type: "TEXT",
    from: `x${i}`,
  }))
  expect(toSinkOptions({ api, columns: [...defaultColumns, ...extra] }).limits.maxRows).toBe(3_250)
})

test("all mistakes are told at once, each with its path and none with its value", () => {
  const message = mistakesOf({
    api: { database: "db", password: "hunter2" },
    table: "",
    limits: { maxRows: 0, maxBytes: "hunter2", linger: 5 },
    columns: [
      { name: "id", type: "VARCHAR", from: "messageId" },
      { name: "ID", type: "TEXT", from: "a..b" },
    ],
  })
  for (const part of [
    "api is not a port",
    "table is below the least, 1",
    "limits.maxRows is below the least, 1",
    "limits.maxBytes is not of type number",
    "limits has a member that is not known: linger",
    "columns.0.type is none of TEXT, DATETIME(6), JSON",
    "columns.1.from",
  ]) {
    expect(message).toContain(part)
  }
  expect(message).not.toContain("hunter2")
})

test.each<[string, unknown, string]>([
  ["no key", defaultColumns.slice(1), "columns needs a TEXT column"],
  [
    "a name twice",
    [...defaultColumns, { name: "USERID", type: "TEXT", from: "x" }],
    "columns holds a name twice",
  ],
  [
    "two keys",
    [...defaultColumns, { ...defaultColumns[0], name: "id2" }],
    "columns gives a role to two columns",
  ],
  ["no column", [], "columns is below the least, 1"],
])("columns with %s are a mistake", (_, columns, part) => {
  expect(mistakesOf({ api, columns })).toContain(part)
})
