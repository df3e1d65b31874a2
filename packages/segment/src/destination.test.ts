import { createRequire } from "node:module"
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
import { type Answer, type ServerBody, withServer } from "./testing/server.ts"

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
/** The requests that a function sends to a server that stores everything. */
async function requestsOf(run: (settings: Settings) => Promise<unknown>): Promise<ServerBody[]> {
  const bodies: ServerBody[] = []
  const answer: Answer = (body, response) => {
    bodies.push(body)
    response.end(JSON.stringify({ lastInsertId: 0, rowsAffected: body.args.length / 11 }))
  }
  await withServer(answer, run)
  return bodies
}

describe("requests", () => {
  test("A request has at most max_batch_size rows", async () => {
    const many = Array.from({ length: 250 }, (_, index) => ({ ...event, messageId: `m${index}` }))
    const requests = await requestsOf(settings => deliver(settings, many))
    expect(requests.map(({ args }) => args.length / 11)).toEqual([100, 100, 50])
  })

  test("A column whose field is not mapped is stored as null, even if the event has a value", async () => {
    const withTraits = { ...event, context: { traits: { plan: "pro" } } }
    const [request] = await requestsOf(settings =>
      deliver(settings, [withTraits], { traits: undefined, userId: undefined }),
    )
    expect(request?.args).toEqual([
      ...["m1", "2026-11-22 06:13:12.535000", "track", "Tested"],
      ...Array(6).fill(null),
      { traits: { plan: "pro" } },
    ])
  })

  test("An empty table name in the settings selects the default table", async () => {
    const [request] = await requestsOf(settings => deliver({ ...settings, tableName: "" }, [event]))
    expect(request?.sql).toContain("INSERT IGNORE INTO `segment_data` (")
  })
})

describe("single events", () => {
  const perform = async (settings: Settings, single: object) => {
    const hosted = new Destination(createDestination({ protocol: "http" }))
    const subscription = { partnerAction: "send", subscribe: send?.defaultSubscription ?? "", mapping }
    return hosted.onEvent(single as SegmentEvent, { ...settings, subscription } as never)
  }

  test("A single event is stored with one request", async () => {
    expect(await requestsOf(settings => perform(settings, event))).toHaveLength(1)
  })

  test("A single event that can never be stored is rejected with status 400, which Segment does not retry", async () => {
    const requests = await requestsOf(async settings => {
      const bad = { ...event, timestamp: "2026-02-30T00:00:00Z" }
      await expect(perform(settings, bad)).rejects.toMatchObject({ status: 400, code: "INVALID_TIMESTAMP" })
    })
    expect(requests).toHaveLength(0)
  })

  test("A single event to a failing server is rejected with status 503, which Segment retries", async () => {
    const answer: Answer = (_, response) => response.writeHead(504).end()
    await withServer(answer, async settings => {
      await expect(perform(settings, event)).rejects.toMatchObject({ status: 503, code: "TIMEOUT" })
    })
  })
})
