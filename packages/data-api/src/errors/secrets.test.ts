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

/** Whatever is said to the outside while `work` runs. */
async function listen(work: () => Promise<void>): Promise<string[]> {
  const said: string[] = []
  const note = (...parts: unknown[]) => {
    said.push(parts.map(part => (typeof part === "string" ? part : inspect(part))).join(" "))
    return true
  }
  const spies = [
    ...(["log", "info", "warn", "error", "debug"] as const).map(name =>
      vi.spyOn(console, name).mockImplementation(note),
    ),
    vi.spyOn(process.stdout, "write").mockImplementation(note),
    vi.spyOn(process.stderr, "write").mockImplementation(note),
  ]
  process.on("warning", note)
  try {
    await work()
  } finally {
    for (const spy of spies) spy.mockRestore()
    process.off("warning", note)
  }
  return said
}

/** Everything that a person or a log may see of a thing. */
function showAll(thing: unknown): string {
  const { stack = "", cause } = Object(thing) as { stack?: string; cause?: unknown }
  const shown = [
    inspect(thing, { depth: null, showHidden: true, getters: true }),
    JSON.stringify(thing),
    stack,
    inspect(cause),
  ]
  return `${shown.join("\n")}\n${String(thing)}`
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

/** Events that are refused here already, each for another reason. */
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

/** What the client, the sink and its observer let be seen, of one way to go wrong. */
async function gather(api: DataApi, table: string, things: unknown[]): Promise<void> {
  const observe = (event: ObserverEvent) => things.push(event)
  const retry = { maxAttempts: 2, baseDelayMs: 1 }
  for (const deduplicate of [true, false]) {
    const sink = createSink({ transport: api, table, deduplicate, retry, observe })
    things.push(...(await sink.writeBatch([event, event, ...badEvents])))
    things.push(await sink.write(event).catch(error => error), sink, sink.stats())
    await sink.close()
  }
  const sql = "SELECT ? AS email"
  things.push(await api.exec(`${sql} FROM nowhere`, [value]).catch(error => error))
  things.push(await api.query(`${sql} FROM nowhere`, [value]).catch(error => error))
  things.push(await api.ping().catch(error => error), api)
}

describe.each<[string, Fetch | undefined]>([
  ["the platform's fetch", undefined],
  ["undiciFetch", undici],
])("no secret and no value is seen through %s", (_, fetch) => {
  async function expectSilence(work: (things: unknown[]) => Promise<void>, least: number): Promise<void> {
    const things: unknown[] = [fetch, undiciFetch]
    const said = await listen(() => work(things))
    const shown = [...said, ...things.map(showAll)].join("\n")
    expect(
      things.filter(thing => thing instanceof Error || "error" in Object(thing)).length,
    ).toBeGreaterThanOrEqual(least)
    for (const secret of secrets) expect(shown).not.toContain(secret)
  }

  test.each(faults)("of %j", async fault => {
    await open(fetch).exec(createTableSql({ table: "t" }))
    await emulator.injectFault(fault)
    try {
      await expectSilence(things => gather(open(fetch), "t", things), 12)
    } finally {
      emulator.clearFaults()
    }
  })

  test("of an answer that repeats the token", async () => {
    await emulator.injectFault({ kind: "respond", status: 500, times, body: `who is ${token}?` })
    try {
      for (const credentials of [{ token }, { token: () => token }])
        await expectSilence(things => gather(open(fetch, credentials), "t", things), 12)
    } finally {
      emulator.clearFaults()
    }
  })

  test("of a table with other types", async () => {
    const sql = createTableSql({ table: "other" }).replace("`userId` TEXT", "userId BIGINT")
    expect(sql).toContain("userId BIGINT")
    await open(fetch).exec(sql)
    await expectSilence(things => gather(open(fetch), "other", things), 12)
  })

  test.each<[string, object, string?]>([
    ["a wrong password", { username: "root", password: "hunter2 is wrong" }],
    ["a token", { token }],
    ["a token function", { token: async () => token }],
    ["a token function that throws", { token: async () => Promise.reject(new Error(token)) }],
    ["nobody there", basic, "http://127.0.0.1:2"],
  ])("of %s", async (_, credentials, url) => {
    await expectSilence(things => gather(open(fetch, credentials, url), "t", things), 12)
  })
})

test("the search would find them", () => {
  const error = new Error("x", { cause: { [Symbol("hidden")]: value } })
  expect(showAll(error)).toContain(value)
  expect(showAll(Object.defineProperty({}, "hidden", { value }))).toContain(value)
})
