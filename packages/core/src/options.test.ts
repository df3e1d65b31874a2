import { expect, test } from "vitest"
import { ConfigError } from "./errors.ts"
import { type Column, defaultColumns } from "./event/columns.ts"
import { type SinkOptions, toSinkOptions } from "./options.ts"

const api = { database: "db", send: async () => ({ status: "inserted", rowsAffected: 0 }) }

function mistakesOf(options: unknown): string {
  try {
    toSinkOptions(options as SinkOptions)
  } catch (error) {
    if (error instanceof ConfigError && error.code === "invalid_options") return error.message
    throw error
  }
  return ""
}

test("what is left out has its default", () => {
  const { runtime, ...options } = toSinkOptions({ api })
  expect(options).toEqual({
    api,
    table: "segment_data",
    columns: defaultColumns,
    deduplicate: true,
    limits: {
      // 65,000 placeholders are enough for 5,000 rows of eleven columns.
      maxRows: 5_000,
      maxBytes: 1_000_000,
      maxInFlight: 4,
      maxQueuedRows: 10_000,
      maxQueuedBytes: 32_000_000,
      lingerMs: 10,
      deliveryTimeoutMs: Number.POSITIVE_INFINITY,
    },
    retry: { maxElapsedMs: 120_000, maxAttempts: 8, baseDelayMs: 250, maxDelayMs: 30_000 },
    onAmbiguous: "retry",
    bisect: "sequential",
    observe: undefined,
  })
  expect(Object.keys(runtime).sort()).toEqual(["byteLength", "now", "random", "sleep"])
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
    transport: { database: "db", password: "hunter2" },
    table: "",
    limits: { maxRows: 0, maxBytes: "hunter2", linger: 5 },
    columns: [
      { name: "id", type: "VARCHAR", from: "messageId" },
      { name: "ID", type: "TEXT", from: "a..b" },
    ],
  })
  for (const part of [
    "api is not a transport",
    "table is not a text of 1 to 256 characters",
    "limits.maxRows is not a whole number from 1 to 65000",
    "limits.maxBytes is not a whole number",
    "limits has a member that is not known: linger",
    "columns.0.type is none of TEXT, LONGTEXT, DATETIME(6), JSON, BIGINT, DOUBLE, BOOLEAN",
    "columns.1.from is not a path",
    "columns.1.name is there before",
    "columns needs a TEXT column",
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
    "columns.11.name is there before",
  ],
  [
    "two keys",
    [...defaultColumns, { ...defaultColumns[0], name: "id2" }],
    "columns gives a role to two columns",
  ],
  ["no column", [], "columns is empty"],
  ["a hole", new Array(1), "columns.0 is not of type object"],
  ["a path with a hole", [{ ...defaultColumns[0], from: new Array(1) }], "columns.0.from is not a path"],
])("columns with %s are a mistake", (_, columns, part) => {
  expect(mistakesOf({ api, columns })).toContain(part)
})

test.each<[string, object, string]>([
  ["no api", {}, "api is not a transport"],
  ["no options", undefined as unknown as object, "api is not a transport"],
  ["a layout that is none", { api, layout: "keyless" }, "layout is none of keyed, segment"],
  ["retry: true", { api, retry: true }, "retry is not of type object"],
  ["a delay that is none", { api, retry: { baseDelayMs: -1 } }, "retry.baseDelayMs is not a whole number"],
  ["a clock that is none", { api, runtime: { now: 5 } }, "runtime.now is not a function"],
  ["an observer that is none", { api, observe: {} }, "observe is not a function"],
  ["a column that is none", { api, columns: [null] }, "columns.0 is not of type object"],
  ["a column without a type", { api, columns: [{ name: "a", from: "a" }] }, "columns.0.type is"],
  [
    "a list of paths that is empty",
    { api, columns: [{ name: "a", type: "TEXT", from: [] }] },
    "columns.0.from is not a path",
  ],
  [
    "a time that is text",
    { api, columns: [...defaultColumns.slice(0, 1), { name: "at", type: "TEXT", from: "at", role: "time" }] },
    "columns.1.type is not DATETIME(6)",
  ],
  [
    "a path in another notation",
    { api, columns: [{ name: "a", type: "TEXT", from: "$.a" }] },
    "columns.0.from is not a path",
  ],
  ["an option that is not known", { api, tabel: "t" }, "options has a member that is not known: tabel"],
])("%s is a mistake", (_, options, part) => {
  expect(mistakesOf(options)).toContain(part)
})

test("retry: false is no retry, and a table without a key may be without an id", () => {
  expect(toSinkOptions({ api, retry: false }).retry).toBe(false)
  const columns = defaultColumns.slice(1)
  expect(toSinkOptions({ api, deduplicate: false, columns }).columns).toEqual(columns)
})

test("what the caller does with its columns later changes nothing", () => {
  const columns = [...defaultColumns]
  const options = toSinkOptions({ api, columns })
  columns.pop()
  expect(options.columns).toEqual(defaultColumns)
})

test("a runtime member that is undefined is none, but for sleep, which may be taken away", () => {
  const { runtime } = toSinkOptions({ api, runtime: { now: undefined, sleep: undefined } as object })
  expect(runtime.now()).toBeTypeOf("number")
  expect(runtime.sleep).toBeUndefined()
})
