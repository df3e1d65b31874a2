import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import {
  createCloningFetch,
  describeHost,
  type HostFetch,
  loadInBareContext,
  type Verdict,
} from "@singlesink/conformance"
import { bundleInMemory } from "@singlesink/conformance/bundle"
import type { Event } from "@singlesink/core"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import type { JitsuContext } from "./host.ts"
import destination, { config, createFunction, type JitsuDestination, type JitsuSettings } from "./index.ts"
import { mergeSettings } from "./settings.ts"

const event = { messageId: "m1", timestamp: "2026-11-22T06:13:12.535Z", type: "track", event: "Tested" }
const settings = { url: "https://db.example.com", username: "sink", password: "hunter2", database: "events" }

/** Jitsu's context, with a client that is a function of the test. */
function createContext(fetch: HostFetch, props: JitsuContext["props"] = {}) {
  const logged: string[] = []
  const ctx = {
    props,
    fetch: createCloningFetch(fetch),
    log: { error: (message: string) => logged.push(message) },
  }
  return { ctx: ctx as unknown as JitsuContext, logged }
}

const stored: HostFetch = async (_, { body = "" }) => {
  const rows = (JSON.parse(body).args.length as number) / 11
  return { status: 200, headers: {}, text: JSON.stringify({ lastInsertId: 0, rowsAffected: rows }) }
}

/** Lets everything happen that waits for nothing outside. */
const settled = () => new Promise<void>(resolve => setImmediate(resolve))

/** What Jitsu makes of a call: it reads the error's name and nothing else. */
async function verdictOf(call: Promise<unknown>): Promise<Verdict> {
  try {
    expect(await call).toBeUndefined()
    return "stored"
  } catch (error) {
    const { name } = error as Error
    if (name === "NoRetryError") return "rejected"
    if (name === "Drop & RetryError") return "failed"
    throw error
  }
}

/** The client of a Jitsu runtime over the platform's own fetch. */
const hostFetch: HostFetch = async (url, options) => {
  const response = await fetch(url, options)
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: await response.text(),
  }
}

describeHost("Jitsu, from the sources", target => {
  const { ctx } = createContext(hostFetch)
  const send = createFunction(target)
  return {
    deliver: events => Promise.all(events.map(event => verdictOf(send(event as Event, ctx)))),
  }
})

describe("the bundle", async () => {
  const code = await bundleInMemory(fileURLToPath(new URL("..", import.meta.url)))
  const load = () => loadInBareContext<{ default: JitsuDestination; config: typeof config }>(code)

  describeHost("Jitsu, from the bundle in a bare context", async target => {
    // As in production: the settings are text in the connection's environment.
    const { ctx } = createContext(hostFetch, { ...target })
    const { default: send } = await load()
    return {
      deliver: events => Promise.all(events.map(event => verdictOf(send(event as Event, ctx)))),
    }
  })

  test("does not grow unnoticed", () => {
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(48 * 1024)
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(16 * 1024)
  })

  test("is one ES module that imports nothing and exports what Jitsu reads", async () => {
    expect(code).not.toMatch(/\bimport\b[\s{"'(]/)
    const module = await load()
    expect(JSON.parse(JSON.stringify(module.config))).toEqual(config)
    expect(Object.keys(module)).toEqual(["config", "createFunction", "default"])
  })
})

describe("coalescing", () => {
  test("a hundred calls of one tick are one request", async () => {
    let requests = 0
    const { ctx } = createContext((url, options) => {
      requests++
      return stored(url, options)
    })
    const send = createFunction(settings)
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => send({ ...event, messageId: `m${index}` }, ctx)),
    )
    expect(requests).toBe(1)
  })

  test("calls that come while a request is under way share the next", async () => {
    const bodies: string[] = []
    let open = () => {}
    const gate = new Promise<void>(resolve => {
      open = resolve
    })
    const { ctx } = createContext(async (url, options) => {
      bodies.push(options.body ?? "")
      if (bodies.length === 1) await gate
      return stored(url, options)
    })
    const send = createFunction(settings)
    const calls = [send(event, ctx)]
    while (bodies.length === 0) await Promise.resolve()
    for (let index = 0; index < 24; index++) calls.push(send({ ...event, messageId: `n${index}` }, ctx))
    open()
    await Promise.all(calls)
    expect(bodies.map(body => JSON.parse(body).args.length / 11)).toEqual([1, 24])
  })
})

describe("settings", () => {
  test("of the factory come first, then those of the connection", async () => {
    const sent: string[] = []
    const { ctx } = createContext(
      (url, options) => {
        const { sql, database } = JSON.parse(options.body ?? "")
        sent.push(url, sql.slice(0, sql.indexOf(" (")), database)
        return stored(url, options)
      },
      {
        ...settings,
        url: undefined,
        host: "db.example.com",
        port: "8443",
        table: "theirs",
        database: "theirs",
      },
    )
    await createFunction({ table: "ours" })(event, ctx)
    expect(sent).toEqual(["https://db.example.com:8443/api/v2/exec", "INSERT IGNORE INTO `ours`", "theirs"])
  })

  test("that are wrong make every event wait, with one line that lists all mistakes and no secret", async () => {
    const { ctx, logged } = createContext(stored, { url: "ftp://hunter2@db", password: "hunter2" })
    const calls = [destination(event, ctx), destination(event, ctx)]
    expect(await Promise.all(calls.map(verdictOf))).toEqual(["failed", "failed"])
    expect(logged).toHaveLength(1)
    for (const part of ["`url` must", "`username` or `token` is required", "`database` must"])
      expect(logged[0]).toContain(part)
    expect(logged[0]).not.toContain("hunter2")
  })

  test("of all kinds of mistake are told in that one line", async () => {
    const props = {
      ...settings,
      port: "hunter2",
      allowInsecure: "hunter2",
      deduplicate: "hunter2",
      columns: "[hunter2",
      url: "",
      host: "db",
    }
    const { ctx, logged } = createContext(stored, props)
    const send = createFunction({ tabel: "x" } as object)
    expect(await verdictOf(send(event, ctx))).toBe("failed")
    expect(logged).toHaveLength(1)
    for (const part of [
      "Unknown option `tabel`",
      "`port` must be an integer",
      "`allowInsecure` must be true or false",
      "`deduplicate` must be true or false",
      "`columns` must be an array of columns as JSON",
    ])
      expect(logged[0]).toContain(part)
    expect(logged[0]).not.toContain("hunter2")
  })

  test.each<[string, JitsuSettings, object, object]>([
    [
      "a url keeps the connection's host out",
      { url: "https://ours" },
      { host: "theirs" },
      { url: "https://ours" },
    ],
    ["a host keeps the connection's url out", { host: "ours" }, { url: "https://theirs" }, { host: "ours" }],
    [
      "a token keeps the connection's user out",
      { token: "t" },
      { username: "u", password: "p" },
      { token: "t" },
    ],
    [
      "a user keeps the connection's token out",
      { username: "u" },
      { token: "t", password: "p" },
      { username: "u", password: "p" },
    ],
    ["an empty text is none, but for the password", {}, { table: "", password: "" }, { password: "" }],
    ["other variables of the connection are not for us", {}, { PATH: "/bin", host: "h" }, { host: "h" }],
  ])("of both: %s", (_, own, props, merged) => {
    expect(mergeSettings(own, props as Record<string, unknown>)).toEqual(merged)
  })

  test("The settings can choose the columns as JSON and deduplicate as a string", async () => {
    const sent: { sql: string; args: unknown[] }[] = []
    const columns = JSON.stringify([
      { name: "id", type: "TEXT", from: "messageId", required: true, role: "id" },
      { name: "plan", type: "TEXT", from: "properties.plan" },
    ])
    const { ctx } = createContext(
      async (_, { body = "" }) => {
        sent.push(JSON.parse(body))
        return { status: 200, headers: {}, text: '{"rowsAffected":1}' }
      },
      { ...settings, columns, deduplicate: "false" },
    )
    await createFunction()({ ...event, properties: { plan: "pro" } }, ctx)
    expect(sent).toMatchObject([
      { sql: expect.stringMatching(/^INSERT INTO .*`id`,`plan`/), args: ["m1", "pro"] },
    ])
  })

  test("hold the credentials in the Authorization header and nowhere else", async () => {
    const requests: string[] = []
    const { ctx } = createContext((url, { headers: { authorization, ...headers }, ...options }) => {
      expect(authorization).toMatch(/^Basic /)
      requests.push(JSON.stringify([url, headers, options.body]))
      return stored(url, { ...options, headers })
    })
    await createFunction(settings)(event, ctx)
    expect(requests).toHaveLength(1)
    expect(requests[0]).not.toContain("hunter2")
  })
})

describe("JITSU_TABLE_NAME", () => {
  const sentTo = (body = "") => /INTO `(.*?)`/.exec(body)?.[1] ?? /INTO (\w+)/.exec(body)?.[1]

  test("chooses the table, and each table has a request of its own", async () => {
    const tables: unknown[] = []
    const { ctx } = createContext((url, options) => {
      tables.push(sentTo(options.body))
      return stored(url, options)
    })
    const send = createFunction(settings)
    const names = ["a", "b", "a", undefined, null]
    await Promise.all(
      names.map((name, index) => send({ ...event, messageId: `m${index}`, JITSU_TABLE_NAME: name }, ctx)),
    )
    expect(tables).toEqual(["a", "b", "segment_data"])
  })

  test.each([7, "", "x".repeat(257), {}])("that is none refuses the event: %j", async name => {
    const { ctx } = createContext(stored)
    const error = await createFunction(settings)({ ...event, JITSU_TABLE_NAME: name }, ctx).catch(
      error => error,
    )
    expect(error).toMatchObject({
      name: "NoRetryError",
      message: expect.stringContaining("JITSU_TABLE_NAME"),
    })
  })

  test("is held for 50 tables; then one that is idle makes room, and where none is, the event comes again", async () => {
    let answer = () => {}
    const gate = new Promise<void>(resolve => {
      answer = resolve
    })
    const { ctx } = createContext(async (url, options) => {
      await gate
      return stored(url, options)
    })
    const send = createFunction(settings)
    const write = (table: number) => verdictOf(send({ ...event, JITSU_TABLE_NAME: `t${table}` }, ctx))
    const calls = Array.from({ length: 50 }, (_, table) => write(table))
    await settled()
    expect(await write(50)).toBe("failed")
    answer()
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["stored"]))
    expect(await write(50)).toBe("stored")
  })
})

describe("the time of the host", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }))
  afterEach(() => void vi.useRealTimers())

  /** A client that answers when the test says so. */
  function createSlow() {
    const waiting: (() => void)[] = []
    const { ctx } = createContext(async (url, options) => {
      await new Promise<void>(resolve => waiting.push(resolve))
      return stored(url, options)
    })
    return { ctx, waiting }
  }

  test("is kept: what waited for two seconds is not sent any more, and comes again", async () => {
    const { ctx, waiting } = createSlow()
    const send = createFunction(settings)
    const first = verdictOf(send(event, ctx))
    await settled()
    const old = verdictOf(send({ ...event, messageId: "m2" }, ctx))
    await settled()
    vi.setSystemTime(Date.now() + 1_500)
    const young = verdictOf(send({ ...event, messageId: "m3" }, ctx))
    await settled()
    vi.setSystemTime(Date.now() + 501)
    waiting[0]?.()
    await settled()
    expect([await first, await old]).toEqual(["stored", "failed"])
    waiting[1]?.()
    expect(await young).toBe("stored")
    expect(waiting).toHaveLength(2)
  })

  test("leaves room for one round of single rows after a refusal, all at once", async () => {
    const bodies: string[][] = []
    const { ctx } = createContext(async (url, options) => {
      const { args } = JSON.parse(options.body ?? "") as { args: string[] }
      const ids = args.filter((_, index) => index % 11 === 0)
      bodies.push(ids)
      return ids.includes("m3")
        ? { status: 400, headers: {}, text: "Error 1292 (22007): Incorrect" }
        : stored(url, options)
    })
    const send = createFunction(settings)
    const calls = Array.from({ length: 10 }, (_, id) =>
      verdictOf(send({ ...event, messageId: `m${id}` }, ctx)),
    )
    expect((await Promise.all(calls)).map((verdict, id) => (verdict === "rejected" ? id : verdict))).toEqual(
      Array.from({ length: 10 }, (_, id) => (id === 3 ? 3 : "stored")),
    )
    expect(bodies.map(({ length }) => length)).toEqual([10, ...Array(10).fill(1)])
  })
})

test("rows that fill a request open more at once, up to four; the rest waits", async () => {
  let open = 0
  let most = 0
  const { ctx } = createContext(async (url, options) => {
    most = Math.max(most, ++open)
    await settled()
    open--
    return stored(url, options)
  })
  const send = createFunction(settings)
  const properties = { padding: "x".repeat(300_000) }
  const calls = Array.from({ length: 30 }, (_, id) =>
    send({ ...event, messageId: `m${id}`, properties }, ctx),
  )
  await Promise.all(calls)
  expect(most).toBe(4)
})

test("where too many bytes wait already, an event is not taken but comes again", async () => {
  let answer = () => {}
  const gate = new Promise<void>(resolve => {
    answer = resolve
  })
  const { ctx } = createContext(async (url, options) => {
    await gate
    return stored(url, options)
  })
  const send = createFunction(settings)
  const properties = { padding: "x".repeat(900_000) }
  const calls: Promise<Verdict>[] = []
  for (let id = 0; id < 30; id++) {
    calls.push(verdictOf(send({ ...event, messageId: `m${id}`, properties }, ctx)))
    await settled()
  }
  answer()
  const verdicts = await Promise.all(calls)
  // 4 under way, 16 MB of 18 such rows waiting.
  expect(verdicts.filter(verdict => verdict === "stored")).toHaveLength(4 + 18)
  expect(verdicts.filter(verdict => verdict === "failed")).toHaveLength(8)
})

describe("a verdict", () => {
  const answering = (status: number, text: string) =>
    createContext(async () => ({ status, headers: {}, text })).ctx

  test.each([
    ["401", answering(401, "no"), "failed"],
    ["503", answering(503, "no"), "failed"],
    ["a login page", answering(200, "<html>"), "failed"],
    ["a value that the database refuses", answering(400, "Error 1292 (22007): Incorrect"), "rejected"],
  ])("for %s", async (_, ctx, verdict) => {
    expect(await verdictOf(createFunction(settings)(event, ctx))).toBe(verdict)
  })

  test("is given for an event that throws when it is read", async () => {
    const hostile = new Proxy({}, { get: () => expect.unreachable(), ownKeys: () => expect.unreachable() })
    const { ctx } = createContext(stored)
    expect(await verdictOf(createFunction(settings)(hostile, ctx))).toBe("rejected")
  })

  test("is given when Jitsu's own client fails", async () => {
    const { ctx } = createContext(async () => {
      throw new TypeError("fetch failed")
    })
    expect(await verdictOf(createFunction(settings)(event, ctx))).toBe("failed")
  })
})
