import { createServer, type RequestListener } from "node:http"
import { createRequire } from "node:module"
import type { AddressInfo } from "node:net"
import {
  createTestIntegration,
  Destination,
  MultiStatusResponse,
  type SegmentEvent,
} from "@segment/actions-core"
import { describeHost, type Outcome } from "@singlesink/conformance"
import { EventError } from "@singlesink/core"
import { describe, expect, test } from "vitest"
import { sendFields } from "./fields.ts"
import destination, { createDestination, type Settings } from "./index.ts"
import { toMultiStatus } from "./response.ts"

/** The initial mapping of Segment's form: the default of every field. */
const mapping = Object.fromEntries(Object.entries(sendFields).map(([key, field]) => [key, field.default]))
const { send } = destination.actions

/** Delivers a batch as Segment does: through the default trigger and the default mapping to onBatch. */
async function deliver(
  settings: Settings,
  events: readonly object[],
  change: object = {},
): Promise<(EventResponse | undefined)[]> {
  const subscription = {
    partnerAction: "send",
    subscribe: send?.defaultSubscription ?? "",
    mapping: { ...mapping, ...change },
  }
  const hosted = new Destination(createDestination({ protocol: "http" }))
  const results = await hosted.onBatch(events as SegmentEvent[], { ...settings, subscription } as never)
  return results.flatMap(result => (result.multistatus ?? []) as EventResponse[])
}

interface EventResponse {
  status: number
  errormessage?: string
  body?: unknown
}

function toOutcome(response: EventResponse | undefined): Outcome {
  if (response?.status === 200) return "stored"
  return response?.status === 400 ? "rejected" : "failed"
}

function toSettings(url: string, table: string): Settings {
  const { hostname, port } = new URL(url)
  return { host: hostname, port, username: "sink", password: "hunter2", dbName: "events", tableName: table }
}

describeHost(
  "Segment Actions with onBatch",
  ({ url, table, ...target }) => {
    const settings = { ...toSettings(url, table), username: target.username, password: target.password }
    return { deliver: async events => (await deliver(settings, events)).map(toOutcome) }
  },
  {
    "The host keeps properties that are a list":
      "actions-core responds with 400 to a list in an object field",
    "The host keeps properties that are a string":
      "actions-core responds with 400 to a string in an object field",
  },
)

/** Keeps testAction from filling missing fields with its own values. */
const absent = Object.fromEntries(
  ["anonymousId", "context", "event", "groupId", "name", "properties", "traits", "userId"].map(name => [
    name,
    undefined,
  ]),
)

const objectFieldsOnly = "actions-core responds with 400 to any other value in an object field"
const skips = {
  "The host keeps properties that are a list": objectFieldsOnly,
  "The host keeps properties that are a string": objectFieldsOnly,
}

describeHost(
  "Segment Actions with executeBatch",
  ({ url, table, ...target }) => {
    const settings = { ...toSettings(url, table), username: target.username, password: target.password }
    const integration = createTestIntegration(createDestination({ protocol: "http" }))
    return {
      async deliver(events) {
        const batch = { events: events as SegmentEvent[], settings, mapping: mapping as never }
        // A failure of the whole batch is thrown.
        const responses = await integration.executeBatch("send", batch).catch(() => [])
        return events.map((_, index) => toOutcome(responses[index] as EventResponse | undefined))
      },
    }
  },
  skips,
)

describeHost(
  "Segment Actions with testAction, event by event",
  ({ url, table, ...target }) => {
    const settings = { ...toSettings(url, table), username: target.username, password: target.password }
    const integration = createTestIntegration(createDestination({ protocol: "http" }))
    return {
      async deliver(events) {
        const outcomes: Outcome[] = []
        for (const event of events) {
          const single = {
            event: { ...absent, ...event } as unknown as SegmentEvent,
            settings,
            mapping: mapping as never,
          }
          outcomes.push(
            await integration.testAction("send", single).then(
              () => "stored",
              (error: { status?: number }) =>
                error.status === undefined || error.status === 400 ? "rejected" : "failed",
            ),
          )
        }
        return outcomes
      },
    }
  },
  {
    ...skips,
    "The host stores every event of real clients, value by value":
      "this takes too long event by event, and the batch hosts cover it",
  },
)

test("A MultiStatusResponse needs the class of its host, because a host reads the class of another copy as 200", async () => {
  const require = createRequire(import.meta.url)
  const path = require.resolve("@segment/actions-core")
  const cached = Object.keys(require.cache).filter(file => file.includes("actions-core"))
  const kept = cached.map(file => [file, require.cache[file]] as const)
  for (const file of cached) delete require.cache[file]
  const copy = require(path) as typeof import("@segment/actions-core")
  for (const [file, module] of kept) require.cache[file] = module
  expect(copy.MultiStatusResponse).not.toBe(MultiStatusResponse)

  const outcome = {
    status: "rejected",
    error: new EventError({ code: "invalid_timestamp", message: "No time." }),
  } as const
  const statusesOf = async (hosts: Pick<typeof copy, "Destination" | "MultiStatusResponse">) => {
    const definition = createDestination({ protocol: "http" })
    const { send } = definition.actions
    if (send !== undefined) send.performBatch = async () => toMultiStatus([outcome], [event]) as never
    const hosted = new hosts.Destination(definition)
    const batch = {
      events: [event] as unknown as SegmentEvent[],
      mapping,
      settings: toSettings("http://127.0.0.1:1", "t"),
    }
    return (await hosted.executeBatch("send", batch as never)).map(({ status }) => status)
  }
  expect(await statusesOf({ Destination, MultiStatusResponse })).toEqual([400])
  expect(await statusesOf(copy)).toEqual([200])
})

const event = {
  messageId: "m1",
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
  event: "Tested",
  userId: "u1",
}
const events = [event, { ...event, messageId: "m2" }]

/** Runs a function against an HTTP server that uses one listener for every request. */
async function withServer<Result>(
  listener: RequestListener,
  run: (settings: Settings, bodies: string[]) => Promise<Result>,
) {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    let body = ""
    for await (const chunk of request.setEncoding("utf8")) body += chunk
    bodies.push(body)
    listener(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  try {
    return await run(toSettings(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, "t"), bodies)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const respondWith = (status: number, text: string, headers = {}): RequestListener => {
  return (_, response) => response.writeHead(status, headers).end(text)
}
const respondStored = respondWith(200, '{"lastInsertId":0,"rowsAffected":1}')

describe("failures of a whole batch", () => {
  test.each<[string, number, string, RequestListener]>([
    ["wrong credentials", 401, "ACCESS_DENIED", respondWith(401, "Error 1045 (28000): Access denied")],
    [
      "a missing privilege",
      403,
      "PERMISSION_DENIED",
      respondWith(403, "Error 1142 (42000): INSERT command denied"),
    ],
    [
      "a missing table",
      404,
      "UNKNOWN_TABLE",
      respondWith(400, "Error 1146 (42S02): Table 'events.t' doesn't exist"),
    ],
    [
      "a missing database",
      404,
      "UNKNOWN_DATABASE",
      respondWith(400, "Error 1049 (42000): Unknown database 'events'"),
    ],
    [
      "a column that is not filled",
      404,
      "MISSING_COLUMN",
      respondWith(400, "Error 1364 (HY000): Field 'tenant' doesn't have a default value"),
    ],
    ["a 401 without an error of the database", 503, "NOT_FROM_DATABASE", respondWith(401, "Unauthorized")],
    ["a page with status 404", 503, "NOT_FROM_DATABASE", respondWith(404, "default backend - 404")],
    ["an HTML page", 503, "NOT_FROM_DATABASE", respondWith(200, "<html>log in</html>")],
    ["a redirect", 503, "NOT_FROM_DATABASE", respondWith(302, "", { location: "http://127.0.0.1:1/" })],
    ["an unknown error", 503, "UNEXPECTED_RESPONSE", respondWith(400, "Error 9999 (HY000): Odd")],
    ["a rate limit", 429, "OVERLOADED", respondWith(429, "slow down")],
    ["a response with status 500", 503, "SERVER_UNAVAILABLE", respondWith(500, "oops")],
    ["an error body of 200 KB", 503, "SERVER_UNAVAILABLE", respondWith(500, "x".repeat(200_000))],
  ])("A batch that meets %s is rejected with status %i and code %s", async (_, status, code, listener) => {
    await withServer(listener, async settings => {
      const batch = deliver(settings, events)
      await expect(batch).rejects.toMatchObject({ name: "IntegrationError", status, code })
      await expect(batch).rejects.not.toThrow("hunter2")
    })
  })

  test("A batch to a port without a server is rejected with status 503", async () => {
    await expect(deliver(toSettings("http://127.0.0.1:1", "t"), events)).rejects.toMatchObject({
      status: 503,
      code: "CONNECTION_FAILED",
    })
  })

  test("A batch with settings that can never work is rejected with status 400", async () => {
    const settings = { ...toSettings("http://127.0.0.1:1", "t"), host: "https://db.example.com/x" }
    await expect(deliver(settings, events)).rejects.toMatchObject({ status: 400, code: "INVALID_OPTIONS" })
  })
})

describe("requests", () => {
  test("A request has at most max_batch_size rows", async () => {
    const rows = await withServer(respondStored, async (settings, bodies) => {
      const many = Array.from({ length: 250 }, (_, index) => ({ ...event, messageId: `m${index}` }))
      await deliver(settings, many)
      return bodies.map(body => JSON.parse(body).args.length / 11)
    })
    expect(rows).toEqual([100, 100, 50])
  })

  test("A column whose field is not mapped is stored as null, even if the event has a value", async () => {
    const [args] = await withServer(respondStored, async (settings, bodies) => {
      const withTraits = { ...event, context: { traits: { plan: "pro" } } }
      await deliver(settings, [withTraits], { traits: undefined, userId: undefined })
      return bodies.map(body => JSON.parse(body).args)
    })
    expect(args).toEqual([
      "m1",
      "2026-11-22 06:13:12.535000",
      "track",
      "Tested",
      null,
      null,
      null,
      null,
      null,
      null,
      {
        traits: { plan: "pro" },
      },
    ])
  })

  test("An empty table name in the settings selects the default table", async () => {
    const [sql] = await withServer(respondStored, async ({ tableName: _, ...settings }, bodies) => {
      await deliver({ ...settings, tableName: "" }, [event])
      return bodies.map(body => JSON.parse(body).sql)
    })
    expect(sql).toContain("INSERT IGNORE INTO `segment_data` (")
  })
})

describe("single events", () => {
  const perform = async (settings: Settings, single: object) => {
    const hosted = new Destination(createDestination({ protocol: "http" }))
    const subscription = { partnerAction: "send", subscribe: send?.defaultSubscription ?? "", mapping }
    return hosted.onEvent(single as SegmentEvent, { ...settings, subscription } as never)
  }

  test("A single event is stored with one request", async () => {
    const bodies = await withServer(respondStored, async (settings, bodies) => {
      await perform(settings, event)
      return bodies
    })
    expect(bodies).toHaveLength(1)
  })

  test("A single event that can never be stored is rejected with status 400, which Segment does not retry", async () => {
    await withServer(respondStored, async (settings, bodies) => {
      // actions-core checks times with dayjs, which accepts days that do not exist.
      const bad = { ...event, timestamp: "2026-02-30T00:00:00Z" }
      await expect(perform(settings, bad)).rejects.toMatchObject({ status: 400, code: "INVALID_TIMESTAMP" })
      expect(bodies).toHaveLength(0)
    })
  })

  test("A single event to a failing server is rejected with status 503, which Segment retries", async () => {
    await withServer(respondWith(504, ""), async settings => {
      await expect(perform(settings, event)).rejects.toMatchObject({ status: 503, code: "TIMEOUT" })
    })
  })
})
