import { fileURLToPath } from "node:url"
import type { JitsuFunction } from "@jitsu/protocols/functions.js"
import {
  createCloningFetch,
  describeHost,
  type HostFetch,
  loadInBareContext,
  type Verdict,
} from "@singlesink/conformance"
import { bundleInMemory } from "@singlesink/conformance/bundle"
import type { AnalyticsEvent } from "@singlesink/core"
import { describe, expect, expectTypeOf, test } from "vitest"
import type { JitsuContext } from "./host.ts"
import destination, { config, createFunction, type JitsuDestination } from "./index.ts"

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

/** What Jitsu makes of a call: it reads the error's name and nothing else. */
async function verdictOf(call: Promise<unknown>): Promise<Verdict> {
  try {
    expect(await call).toBeUndefined()
    return "stored"
  } catch (error) {
    const { name } = error as Error
    if (name === "NoRetryError") return "refused"
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
    deliver: events => Promise.all(events.map(event => verdictOf(send(event as AnalyticsEvent, ctx)))),
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
      deliver: events => Promise.all(events.map(event => verdictOf(send(event as AnalyticsEvent, ctx)))),
    }
  })

  test("does not grow unnoticed", () => {
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(56 * 1024)
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
    for (const part of ["url is", "username is missing", "database is missing"])
      expect(logged[0]).toContain(part)
    expect(logged[0]).not.toContain("hunter2")
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

describe("a verdict", () => {
  const answering = (status: number, text: string) =>
    createContext(async () => ({ status, headers: {}, text })).ctx

  test.each([
    ["401", answering(401, "no"), "failed"],
    ["503", answering(503, "no"), "failed"],
    ["a login page", answering(200, "<html>"), "failed"],
    ["a value that the database refuses", answering(400, "Error 1292 (22007): Incorrect"), "refused"],
  ])("for %s", async (_, ctx, verdict) => {
    expect(await verdictOf(createFunction(settings)(event, ctx))).toBe(verdict)
  })

  test("is given for an event that throws when it is read", async () => {
    const hostile = new Proxy({}, { get: () => expect.unreachable(), ownKeys: () => expect.unreachable() })
    const { ctx } = createContext(stored)
    expect(await verdictOf(createFunction(settings)(hostile, ctx))).toBe("refused")
  })

  test("is given when Jitsu's own client fails", async () => {
    const { ctx } = createContext(async () => {
      throw new TypeError("fetch failed")
    })
    expect(await verdictOf(createFunction(settings)(event, ctx))).toBe("failed")
  })
})

test("the export is a function as Jitsu's own types describe it", () => {
  expectTypeOf(destination).toExtend<JitsuFunction>()
})
