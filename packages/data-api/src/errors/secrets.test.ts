import { inspect } from "node:util"
import { createSink, createTableSql, type ObserverEvent } from "@singlesink/core"
import { type Emulator, type Fault, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { createDataApi, type DataApi } from "../data-api.ts"
import type { Fetch } from "../http/fetch.ts"
import { undiciFetch } from "../undici/undici.ts"

const password = 'hunter2 &"ü'
const token = "eyJhbGciOi.hunter3.signature"
const value = "alice@example.com"
const number = 4_711_081_599

const secrets = [
  "hunter2",
  "hunter3",
  Buffer.from(`root:${password}`).toString("base64"),
  value,
  String(number),
  "messages-are-private",
]

const undici = undiciFetch()
let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ password })
})
afterAll(() => Promise.all([emulator.close(), undici.close()]))

const basic = { username: "root", password }
const open = (fetch: Fetch | undefined, credentials: object = basic, url = emulator.url) =>
  createDataApi({ url, database: "events", fetch, timeoutMs: 100, ...credentials } as never)

/** Returns everything that is written to the console, the process streams or as a warning while `run` runs. */
async function captureOutput(run: () => Promise<void>): Promise<string[]> {
  const output: string[] = []
  const capture = (...parts: unknown[]) => {
    output.push(parts.map(part => (typeof part === "string" ? part : inspect(part))).join(" "))
    return true
  }
  const spies = [
    ...(["log", "info", "warn", "error", "debug"] as const).map(name =>
      vi.spyOn(console, name).mockImplementation(capture),
    ),
    vi.spyOn(process.stdout, "write").mockImplementation(capture),
    vi.spyOn(process.stderr, "write").mockImplementation(capture),
  ]
  process.on("warning", capture)
  try {
    await run()
  } finally {
    for (const spy of spies) spy.mockRestore()
    process.off("warning", capture)
  }
  return output
}

/** Every form in which an item can appear on a screen or in a log. */
function toShownText(item: unknown): string {
  const { stack = "", cause } = Object(item) as { stack?: string; cause?: unknown }
  const shown = [
    inspect(item, { depth: null, showHidden: true, getters: true }),
    JSON.stringify(item),
    stack,
    inspect(cause),
  ]
  return `${shown.join("\n")}\n${String(item)}`
}

const times = "always"
const faults: readonly Fault[] = [
  {
    kind: "respond",
    status: 500,
    body: `the proxy saw ${password} in Basic ${secrets[2]}`,
  },
  {
    kind: "respond",
    times,
    status: 400,
    body: `Error 9999 (HY000): odd value '${value}' in "messages-are-private"`,
  },
  { kind: "respond", times, status: 400, body: `cannot read ['${value}', "messages-are-private"]` },
  { kind: "respond", times, status: 200, body: `<html>${value} ${password}</html>` },
  {
    kind: "respond",
    times,
    status: 200,
    headers: { "content-type": "text/html" },
    body: `{"rows":[{"email":"${value}","n":${number}}]}`,
  },
  {
    kind: "respond",
    times,
    status: 401,
    body: `Error 1045 (28000): Access denied, using password: ${password}`,
  },
  { kind: "respond", times, status: 400, body: `Error 1292 (22007): Incorrect datetime value: ${value}` },
  {
    kind: "respond",
    times,
    status: 400,
    body: `Error 1062 (23000): Duplicate entry '${value}' for key 'messages-are-private'`,
  },
  { kind: "reject_rows", containing: value },
  { kind: "reject_rows", containing: value, body: `what is '${value}'?` },
  { kind: "hang", times },
  { kind: "reset", times, at: "body" },
  { kind: "truncate", times },
  { kind: "respond", times, status: 307 },
  { kind: "respond", times, status: 401, engineCode: 1045 },
  { kind: "body_limit", maxBytes: 10 },
]

const event = {
  messageId: "messages-are-private",
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
  userId: value,
  properties: { email: value, number },
}

/** Events that the sink rejects before it sends them, each for a different reason. */
const badEvents = [
  { ...event, timestamp: value },
  { ...event, messageId: { value } },
  { ...event, userId: value.repeat(10_000) },
  {
    ...event,
    properties: {
      toJSON: () => {
        throw new Error(value)
      },
    },
  },
  { ...event, properties: { email: value.repeat(100_000) } },
]

/** Collects the errors, outcomes and observed events of the client and its sinks. */
async function collectVisible(api: DataApi, table: string, items: unknown[]): Promise<void> {
  const observe = (event: ObserverEvent) => items.push(event)
  const retry = { maxAttempts: 2, baseDelayMs: 1 }
  for (const deduplicate of [true, false]) {
    const sink = createSink({ transport: api, table, deduplicate, retry, observe })
    items.push(...(await sink.writeBatch([event, event, ...badEvents])))
    items.push(await sink.write(event).catch(error => error), sink, sink.stats())
    await sink.close()
  }
  const sql = "SELECT ? AS email"
  items.push(await api.exec(`${sql} FROM nowhere`, [value]).catch(error => error))
  items.push(await api.query(`${sql} FROM nowhere`, [value]).catch(error => error))
  items.push(await api.ping().catch(error => error), api)
}

describe.each<[string, Fetch | undefined]>([
  ["the platform's fetch", undefined],
  ["undiciFetch", undici],
])("secrets and values with %s", (_, fetch) => {
  async function expectNoSecrets(
    collect: (items: unknown[]) => Promise<void>,
    minErrors: number,
  ): Promise<void> {
    const items: unknown[] = [fetch, undiciFetch]
    const output = await captureOutput(() => collect(items))
    const shown = [...output, ...items.map(toShownText)].join("\n")
    expect(
      items.filter(item => item instanceof Error || "error" in Object(item)).length,
    ).toBeGreaterThanOrEqual(minErrors)
    for (const secret of secrets) expect(shown).not.toContain(secret)
  }

  test.each(faults)("No secret and no value is shown after the fault %j", async fault => {
    await open(fetch).exec(createTableSql({ table: "t" }))
    await emulator.injectFault(fault)
    try {
      await expectNoSecrets(items => collectVisible(open(fetch), "t", items), 12)
    } finally {
      emulator.clearFaults()
    }
  })

  test("A token is not shown after a response that repeats it", async () => {
    await emulator.injectFault({ kind: "respond", status: 500, times, body: `who is ${token}?` })
    try {
      for (const credentials of [{ token }, { token: () => token }])
        await expectNoSecrets(items => collectVisible(open(fetch, credentials), "t", items), 12)
    } finally {
      emulator.clearFaults()
    }
  })

  test("No secret and no value is shown after an insert into a table with other column types", async () => {
    const sql = createTableSql({ table: "other" }).replace("`userId` TEXT", "userId BIGINT")
    expect(sql).toContain("userId BIGINT")
    await open(fetch).exec(sql)
    await expectNoSecrets(items => collectVisible(open(fetch), "other", items), 12)
  })

  test.each<[string, object, string?]>([
    ["a wrong password", { username: "root", password: "hunter2 is wrong" }],
    ["a token", { token }],
    ["a token function", { token: async () => token }],
    ["a token function that throws", { token: async () => Promise.reject(new Error(token)) }],
    ["an address without a server", basic, "http://127.0.0.1:2"],
  ])("No secret and no value is shown with %s", async (_, credentials, url) => {
    await expectNoSecrets(items => collectVisible(open(fetch, credentials, url), "t", items), 12)
  })
})

test("The search for secrets finds hidden symbols and properties", () => {
  const error = new Error("x", { cause: { [Symbol("hidden")]: value } })
  expect(toShownText(error)).toContain(value)
  expect(toShownText(Object.defineProperty({}, "hidden", { value }))).toContain(value)
})
