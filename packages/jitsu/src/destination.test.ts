import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import {
  createCloningFetch,
  describeHost,
  type HostFetch,
  loadInBareContext,
  type Outcome,
} from "@singlesink/conformance"
import { bundleInMemory } from "@singlesink/conformance/bundle"
import type { Event } from "@singlesink/core"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import type { JitsuContext } from "./host.ts"
import destination, { config, createFunction, type JitsuDestination, type JitsuSettings } from "./index.ts"
import { mergeSettings } from "./settings.ts"

const event = { messageId: "m1", timestamp: "2026-11-22T06:13:12.535Z", type: "track", event: "Tested" }
const settings = { url: "https://db.example.com", username: "sink", password: "hunter2", database: "events" }

/** Creates Jitsu's context with the HTTP client of a test. */
function createContext(fetch: HostFetch, props: JitsuContext["props"] = {}) {
  const logged: string[] = []
  const ctx = {
    props,
    fetch: createCloningFetch(fetch),
    log: { error: (message: string) => logged.push(message) },
  }
  return { ctx: ctx as unknown as JitsuContext, logged }
}

const respondStored: HostFetch = async (_, { body = "" }) => {
  const rows = (JSON.parse(body).args.length as number) / 11
  return { status: 200, headers: {}, text: JSON.stringify({ lastInsertId: 0, rowsAffected: rows }) }
}

/** Runs every callback that waits for neither I/O nor a timer. */
const settle = () => new Promise<void>(resolve => setImmediate(resolve))

/** The outcome of a call. Like Jitsu, it only reads the name of the error. */
async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
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

/** The HTTP client of a Jitsu runtime, over the platform's fetch. */
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
    deliver: events => Promise.all(events.map(event => outcomeOf(send(event as Event, ctx)))),
  }
})

describe("the bundle", async () => {
  const code = await bundleInMemory(fileURLToPath(new URL("..", import.meta.url)))
  const load = () => loadInBareContext<{ default: JitsuDestination; config: typeof config }>(code)

  describeHost("Jitsu, from the bundle in a bare context", async target => {
    // As in production, the settings are strings in the connection's environment.
    const { ctx } = createContext(hostFetch, { ...target })
    const { default: send } = await load()
    return {
      deliver: events => Promise.all(events.map(event => outcomeOf(send(event as Event, ctx)))),
    }
  })

  test("The bundle has at most 48 KB, and 16 KB compressed", () => {
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(48 * 1024)
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(16 * 1024)
  })

  test("The bundle is one ES module without imports and with the exports that Jitsu reads", async () => {
    expect(code).not.toMatch(/\bimport\b[\s{"'(]/)
    const module = await load()
    expect(JSON.parse(JSON.stringify(module.config))).toEqual(config)
    expect(Object.keys(module)).toEqual(["config", "createFunction", "default"])
  })
})

describe("coalescing", () => {
  test("A hundred calls in one tick share one request", async () => {
    let requests = 0
    const { ctx } = createContext((url, options) => {
      requests++
      return respondStored(url, options)
    })
    const send = createFunction(settings)
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => send({ ...event, messageId: `m${index}` }, ctx)),
    )
    expect(requests).toBe(1)
  })

  test("Calls during a request share the next request", async () => {
    const bodies: string[] = []
    let open = () => {}
    const gate = new Promise<void>(resolve => {
      open = resolve
    })
    const { ctx } = createContext(async (url, options) => {
      bodies.push(options.body ?? "")
      if (bodies.length === 1) await gate
      return respondStored(url, options)
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
  test("The settings of the factory take precedence over those of the connection", async () => {
    const sent: string[] = []
    const { ctx } = createContext(
      (url, options) => {
        const { sql, database } = JSON.parse(options.body ?? "")
        sent.push(url, sql.slice(0, sql.indexOf(" (")), database)
        return respondStored(url, options)
      },
      {
        ...settings,
        url: undefined,
        host: "db.example.com",
        port: "8443",
        table: "connection",
        database: "connection",
      },
    )
    await createFunction({ table: "factory" })(event, ctx)
    expect(sent).toEqual([
      "https://db.example.com:8443/api/v2/exec",
      "INSERT IGNORE INTO `factory`",
      "connection",
    ])
  })

  test("Invalid settings fail every event and are logged in one line without secrets", async () => {
    const { ctx, logged } = createContext(respondStored, { url: "ftp://hunter2@db", password: "hunter2" })
    const calls = [destination(event, ctx), destination(event, ctx)]
    expect(await Promise.all(calls.map(outcomeOf))).toEqual(["failed", "failed"])
    expect(logged).toHaveLength(1)
    for (const part of ["`url` must", "`username` or `token` is required", "`database` must"])
      expect(logged[0]).toContain(part)
    expect(logged[0]).not.toContain("hunter2")
  })

  test("All kinds of invalid settings are logged in one line without their values", async () => {
    const props = {
      ...settings,
      port: "hunter2",
      allowInsecure: "hunter2",
      deduplicate: "hunter2",
      columns: "[hunter2",
      url: "",
      host: "db",
    }
    const { ctx, logged } = createContext(respondStored, props)
    const send = createFunction({ tabel: "x" } as object)
    expect(await outcomeOf(send(event, ctx))).toBe("failed")
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
      "A url of the factory replaces the host of the connection",
      { url: "https://factory" },
      { host: "connection" },
      { url: "https://factory" },
    ],
    [
      "A host of the factory replaces the url of the connection",
      { host: "factory" },
      { url: "https://connection" },
      { host: "factory" },
    ],
    [
      "A token of the factory replaces the user and password of the connection",
      { token: "t" },
      { username: "u", password: "p" },
      { token: "t" },
    ],
    [
      "A username of the factory replaces the token of the connection",
      { username: "u" },
      { token: "t", password: "p" },
      { username: "u", password: "p" },
    ],
    [
      "An empty setting of the connection is ignored, except for the password",
      {},
      { table: "", password: "" },
      { password: "" },
    ],
    ["An unknown variable of the connection is ignored", {}, { PATH: "/bin", host: "h" }, { host: "h" }],
  ])("%s", (_, own, props, merged) => {
    expect(mergeSettings(own, props as Record<string, unknown>)).toEqual(merged)
  })

  test("The settings accept columns as JSON and deduplicate as a string", async () => {
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

  test("The credentials are sent only in the Authorization header", async () => {
    const requests: string[] = []
    const { ctx } = createContext((url, { headers: { authorization, ...headers }, ...options }) => {
      expect(authorization).toMatch(/^Basic /)
      requests.push(JSON.stringify([url, headers, options.body]))
      return respondStored(url, { ...options, headers })
    })
    await createFunction(settings)(event, ctx)
    expect(requests).toHaveLength(1)
    expect(requests[0]).not.toContain("hunter2")
  })
})

describe("JITSU_TABLE_NAME", () => {
  const sentTo = (body = "") => /INTO `(.*?)`/.exec(body)?.[1] ?? /INTO (\w+)/.exec(body)?.[1]

  test("JITSU_TABLE_NAME selects the table, and each table has its own request", async () => {
    const tables: unknown[] = []
    const { ctx } = createContext((url, options) => {
      tables.push(sentTo(options.body))
      return respondStored(url, options)
    })
    const send = createFunction(settings)
    const names = ["a", "b", "a", undefined, null]
    await Promise.all(
      names.map((name, index) => send({ ...event, messageId: `m${index}`, JITSU_TABLE_NAME: name }, ctx)),
    )
    expect(tables).toEqual(["a", "b", "segment_data"])
  })

  test.each<[string, unknown]>([
    ["a number", 7],
    ["empty", ""],
    ["longer than 256 characters", "x".repeat(257)],
    ["an object", {}],
  ])("An event whose JITSU_TABLE_NAME is %s is rejected", async (_, name) => {
    const { ctx } = createContext(respondStored)
    const error = await createFunction(settings)({ ...event, JITSU_TABLE_NAME: name }, ctx).catch(
      error => error,
    )
    expect(error).toMatchObject({
      name: "NoRetryError",
      message: expect.stringContaining("JITSU_TABLE_NAME"),
    })
  })

  test("An event for a 51st table fails while all 50 tables are busy, and is stored once one is idle", async () => {
    let release = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    const { ctx } = createContext(async (url, options) => {
      await gate
      return respondStored(url, options)
    })
    const send = createFunction(settings)
    const write = (table: number) => outcomeOf(send({ ...event, JITSU_TABLE_NAME: `t${table}` }, ctx))
    const calls = Array.from({ length: 50 }, (_, table) => write(table))
    await settle()
    expect(await write(50)).toBe("failed")
    release()
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["stored"]))
    expect(await write(50)).toBe("stored")
  })
})

describe("timeouts of the host", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }))
  afterEach(() => void vi.useRealTimers())

  /** Creates a context whose requests wait until the test releases them. */
  function createPausedContext() {
    const waiting: (() => void)[] = []
    const { ctx } = createContext(async (url, options) => {
      await new Promise<void>(resolve => waiting.push(resolve))
      return respondStored(url, options)
    })
    return { ctx, waiting }
  }

  test("An event that has waited for two seconds fails without being sent", async () => {
    const { ctx, waiting } = createPausedContext()
    const send = createFunction(settings)
    const first = outcomeOf(send(event, ctx))
    await settle()
    const older = outcomeOf(send({ ...event, messageId: "m2" }, ctx))
    await settle()
    vi.advanceTimersByTime(1_500)
    const newer = outcomeOf(send({ ...event, messageId: "m3" }, ctx))
    await settle()
    vi.advanceTimersByTime(501)
    waiting[0]?.()
    await settle()
    expect([await first, await older]).toEqual(["stored", "failed"])
    waiting[1]?.()
    expect(await newer).toBe("stored")
    expect(waiting).toHaveLength(2)
  })

  test("The rows of a rejected batch are sent again one per request", async () => {
    const bodies: string[][] = []
    const { ctx } = createContext(async (url, options) => {
      const { args } = JSON.parse(options.body ?? "") as { args: string[] }
      const ids = args.filter((_, index) => index % 11 === 0)
      bodies.push(ids)
      return ids.includes("m3")
        ? { status: 400, headers: {}, text: "Error 1292 (22007): Incorrect" }
        : respondStored(url, options)
    })
    const send = createFunction(settings)
    const calls = Array.from({ length: 10 }, (_, id) =>
      outcomeOf(send({ ...event, messageId: `m${id}` }, ctx)),
    )
    expect((await Promise.all(calls)).map((outcome, id) => (outcome === "rejected" ? id : outcome))).toEqual(
      Array.from({ length: 10 }, (_, id) => (id === 3 ? 3 : "stored")),
    )
    expect(bodies.map(({ length }) => length)).toEqual([10, ...Array(10).fill(1)])
  })
})

test("Rows that fill several requests are sent in at most four requests at a time", async () => {
  let open = 0
  let most = 0
  const { ctx } = createContext(async (url, options) => {
    most = Math.max(most, ++open)
    await settle()
    open--
    return respondStored(url, options)
  })
  const send = createFunction(settings)
  const properties = { padding: "x".repeat(300_000) }
  const calls = Array.from({ length: 30 }, (_, id) =>
    send({ ...event, messageId: `m${id}`, properties }, ctx),
  )
  await Promise.all(calls)
  expect(most).toBe(4)
})

test("An event fails if too many bytes are already waiting", async () => {
  let release = () => {}
  const gate = new Promise<void>(resolve => {
    release = resolve
  })
  const { ctx } = createContext(async (url, options) => {
    await gate
    return respondStored(url, options)
  })
  const send = createFunction(settings)
  const properties = { padding: "x".repeat(900_000) }
  const calls: Promise<Outcome>[] = []
  for (let id = 0; id < 30; id++) {
    calls.push(outcomeOf(send({ ...event, messageId: `m${id}`, properties }, ctx)))
    await settle()
  }
  release()
  const outcomes = await Promise.all(calls)
  // 4 rows are in flight, and 18 more fit into the 16 MB of the queue.
  expect(outcomes.filter(outcome => outcome === "stored")).toHaveLength(4 + 18)
  expect(outcomes.filter(outcome => outcome === "failed")).toHaveLength(8)
})

describe("outcomes", () => {
  const createFailingContext = (status: number, text: string) =>
    createContext(async () => ({ status, headers: {}, text })).ctx

  test.each<[string, Outcome, JitsuContext]>([
    ["status 401", "failed", createFailingContext(401, "no")],
    ["status 503", "failed", createFailingContext(503, "no")],
    ["a login page", "failed", createFailingContext(200, "<html>")],
    ["an error about a value", "rejected", createFailingContext(400, "Error 1292 (22007): Incorrect")],
  ])("A response with %s gives the event the outcome %s", async (_, outcome, ctx) => {
    expect(await outcomeOf(createFunction(settings)(event, ctx))).toBe(outcome)
  })

  test("An event that throws when it is read is rejected", async () => {
    const unreadable = new Proxy({}, { get: () => expect.unreachable(), ownKeys: () => expect.unreachable() })
    const { ctx } = createContext(respondStored)
    expect(await outcomeOf(createFunction(settings)(unreadable, ctx))).toBe("rejected")
  })

  test("An event fails if the HTTP client of Jitsu throws", async () => {
    const { ctx } = createContext(async () => {
      throw new TypeError("fetch failed")
    })
    expect(await outcomeOf(createFunction(settings)(event, ctx))).toBe("failed")
  })
})
