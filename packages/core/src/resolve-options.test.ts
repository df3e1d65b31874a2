import { describe, expect, test } from "vitest"
import { ConfigError } from "./errors.ts"
import { type Column, defaultColumns } from "./event/columns.ts"
import type { SinkOptions, TableOptions } from "./options.ts"
import { resolveSinkOptions, resolveTableOptions } from "./resolve-options.ts"
import type { Transport } from "./transport.ts"

const transport: Transport = {
  database: "db",
  send: async () => ({ status: "inserted", rowsAffected: 0 }),
}

/** The error for these options. */
function errorOf(options: unknown): ConfigError {
  try {
    resolveSinkOptions(options as SinkOptions)
  } catch (error) {
    if (error instanceof ConfigError && error.code === "invalid_options") return error
    throw error
  }
  throw new Error("the options are valid")
}

test("Each option that is left out has its default", () => {
  const { runtime, ...options } = resolveSinkOptions({ transport })
  expect(options).toEqual({
    transport,
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
      lingerWhenIdle: false,
      deliveryTimeoutMs: Number.POSITIVE_INFINITY,
    },
    retry: { maxElapsedMs: 120_000, maxAttempts: 8, baseDelayMs: 250, maxDelayMs: 30_000 },
    onAmbiguous: "retry",
    bisect: "sequential",
    observe: undefined,
  })
  expect(Object.keys(runtime).sort()).toEqual(["byteLength", "now", "random", "sleep"])
})

test("Each option that is given replaces its default, and undefined means left out", () => {
  const limits = {
    maxRows: 1,
    maxBytes: 2,
    maxInFlight: 3,
    maxQueuedRows: 4,
    maxQueuedBytes: 5,
    lingerMs: 6,
    deliveryTimeoutMs: 7,
  }
  const retry = { maxElapsedMs: 1, maxAttempts: 2, baseDelayMs: 3, maxDelayMs: 4 }
  const given = {
    table: "t",
    deduplicate: false,
    limits,
    retry,
    onAmbiguous: "fail",
    bisect: "parallel",
  } as const
  expect(resolveSinkOptions({ transport, ...given })).toMatchObject(given)
  const none = Object.fromEntries(Object.keys(given).map(name => [name, undefined]))
  expect(resolveSinkOptions({ transport, ...none })).toMatchObject({
    table: "segment_data",
    deduplicate: true,
  })
})

test("The rows of a request times the columns stay within 65,000", () => {
  const extra: Column[] = Array.from({ length: 9 }, (_, i) => ({
    name: `x${i}`,
    type: "TEXT",
    from: `x${i}`,
  }))
  expect(resolveSinkOptions({ transport, columns: [...defaultColumns, ...extra] }).limits.maxRows).toBe(3_250)
})

test("The error names every wrong option with its path and never shows a value", () => {
  const { message, issues, name } = errorOf({
    transport: { database: "db", password: "hunter2" },
    table: "",
    limits: { maxRows: 0, maxBytes: "hunter2", linger: 5 },
    columns: [
      { name: "id", type: "VARCHAR", from: "messageId" },
      { name: "ID", type: "TEXT", from: "a..b" },
    ],
  })
  expect(name).toBe("ConfigError")
  expect(issues).toEqual([
    { path: "table", message: "`table` must be a string of 1 to 256 characters" },
    {
      path: "columns.0.type",
      message: "`columns.0.type` must be one of: TEXT, LONGTEXT, DATETIME(6), JSON, BIGINT, DOUBLE, BOOLEAN",
    },
    {
      path: "columns.1.from",
      message: "`columns.1.from` must be a path such as context.page.url, or several",
    },
    {
      path: "transport",
      message: "`transport` must be an object with a `database` string and a `send` function",
    },
    { path: "limits.maxRows", message: "`limits.maxRows` must be an integer from 1 to 65000" },
    { path: "limits.maxBytes", message: "`limits.maxBytes` must be an integer of 1 or more" },
    { path: "limits.linger", message: "Unknown option `limits.linger`" },
    { path: "columns", message: "`columns` must be a list of different names, ignoring case" },
    {
      path: "columns",
      message: '`columns` must be a list with a key: type: "TEXT", required: true and role: "id"',
    },
  ])
  const list = issues?.map(issue => issue.message).join("; ")
  expect(message).toBe(`Invalid options for createSink: ${list}. [invalid_options]`)
  expect(message).not.toContain("hunter2")
})

const roles = "`columns` must be a list in which each role appears once"
const key = '`columns` must be a list with a key: type: "TEXT", required: true and role: "id"'
const path = "must be a path such as context.page.url, or several"

describe("columns that are wrong as a whole", () => {
  test.each<[string, unknown, string]>([
    ["without a key", defaultColumns.slice(1), key],
    ["with a key that is not required", [{ ...defaultColumns[0], required: false }], key],
    ["with a key that is not TEXT", [{ ...defaultColumns[0], type: "LONGTEXT" }], key],
    [
      "with a name that appears twice",
      [...defaultColumns, { name: "USERID", type: "TEXT", from: "x" }],
      "`columns` must be a list of different names, ignoring case",
    ],
    ["with two keys", [...defaultColumns, { ...defaultColumns[0], name: "id2" }], roles],
    ["with two time columns", [...defaultColumns, { ...defaultColumns[1], name: "time2" }], roles],
    ["without any column", [], "`columns` must be a list of at least one column"],
    ["with a hole", new Array(1), "`columns.0` must be an object"],
    [
      "with a path that has a hole",
      [{ ...defaultColumns[0], from: new Array(1) }],
      `\`columns.0.from\` ${path}`,
    ],
    [
      "with a time column of type TEXT",
      [...defaultColumns.slice(0, 1), { name: "at", type: "TEXT", from: "at", role: "time" }],
      '`columns` must be a list with type: "DATETIME(6)" for role: "time"',
    ],
  ])("Columns %s are invalid", (_, columns, part) => {
    expect(errorOf({ transport, columns }).message).toContain(part)
  })

  test("Columns that are correct yield no issue about the whole list", () => {
    expect(errorOf({ transport, columns: defaultColumns, table: 5 }).issues).toHaveLength(1)
  })
})

test.each<[string, unknown, string]>([
  ["Options without a transport are", {}, "`transport` must be an object with a `database` string"],
  ["A transport of null is", { transport: null }, "`transport` must be an object with a `database` string"],
  ["A transport without a database is", { transport: { send() {} } }, "`transport` must be an object with"],
  ["Missing options are", undefined, "`options` must be an object"],
  ["A list of options is", [], "`options` must be an object"],
  [
    "A deduplicate option of text is",
    { transport, deduplicate: "no" },
    "`deduplicate` must be true or false",
  ],
  [
    "A table name of 257 characters is",
    { transport, table: "x".repeat(257) },
    "`table` must be a string of 1 to 256",
  ],
  ["The option retry: true is", { transport, retry: true }, "`retry` must be an object"],
  [
    "A negative delay is",
    { transport, retry: { baseDelayMs: -1 } },
    "`retry.baseDelayMs` must be an integer from 0 to 2147483647",
  ],
  ["A clock that is a number is", { transport, runtime: { now: 5 } }, "`runtime.now` must be a function"],
  ["An observer that is an object is", { transport, observe: {} }, "`observe` must be a function"],
  [
    "An unknown bisect mode is",
    { transport, bisect: "halves" },
    "`bisect` must be one of: sequential, parallel",
  ],
  [
    "An unknown onAmbiguous is",
    { transport, onAmbiguous: "drop" },
    "`onAmbiguous` must be one of: retry, fail",
  ],
  ["Columns in an object are", { transport, columns: {} }, "`columns` must be an array"],
  ["A column of null is", { transport, columns: [null] }, "`columns.0` must be an object"],
  [
    "A column without a type is",
    { transport, columns: [{ name: "a", from: "a" }] },
    "`columns.0.type` must be one of",
  ],
  [
    "An empty list of paths is",
    { transport, columns: [{ name: "a", type: "TEXT", from: [] }] },
    `\`columns.0.from\` ${path}`,
  ],
  [
    "A path in another notation is",
    { transport, columns: [{ name: "a", type: "TEXT", from: "$.a" }] },
    `\`columns.0.from\` ${path}`,
  ],
  [
    "A role that does not exist is",
    { transport, columns: [{ name: "a", type: "TEXT", from: "a", role: "key" }] },
    "`columns.0.role` must be one of: id, time",
  ],
  ["An unknown option is", { transport, tabel: "t" }, "Unknown option `tabel`"],
])("%s invalid", (_, options, part) => {
  expect(errorOf(options).message).toContain(part)
})

test("The error of createTableSql's options names createTableSql", () => {
  expect(() => resolveTableOptions({ table: "", transport } as TableOptions)).toThrow(
    "Invalid options for createTableSql: `table` must be a string of 1 to 256 characters; Unknown option `transport`. [invalid_options]",
  )
})

test("The option retry: false turns retries off", () => {
  expect(resolveSinkOptions({ transport, retry: false }).retry).toBe(false)
})

test("A table without deduplication needs no id column", () => {
  const columns = defaultColumns.slice(1)
  expect(resolveSinkOptions({ transport, deduplicate: false, columns }).columns).toEqual(columns)
})

test("A change that the caller makes to its columns later has no effect", () => {
  const columns = defaultColumns.map(column => ({ ...column }))
  const options = resolveSinkOptions({ transport, columns })
  Object.assign(columns[0] as object, { name: "changed" })
  columns.pop()
  expect(options.columns).toEqual(defaultColumns)
})

test("A runtime member of undefined keeps its default, except sleep, which undefined removes", () => {
  const { runtime } = resolveSinkOptions({
    transport,
    runtime: { now: undefined, sleep: undefined } as object,
  })
  expect(runtime.now()).toBeTypeOf("number")
  expect(runtime.sleep).toBeUndefined()
})
