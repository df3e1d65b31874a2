import { createServer, type RequestListener } from "node:http"
import { createRequire } from "node:module"
import type { AddressInfo } from "node:net"
import {
  createTestIntegration,
  Destination,
  MultiStatusResponse,
  type SegmentEvent,
} from "@segment/actions-core"
import { describeHost, type Verdict } from "@singlesink/conformance"
import { EventError } from "@singlesink/core"
import { describe, expect, test } from "vitest"
import { sendFields } from "./fields.ts"
import destination, { createDestination, type Settings } from "./index.ts"
import { toMultiStatus } from "./response.ts"

/** The mapping that Segment's form starts with: the default of every field. */
const mapping = Object.fromEntries(Object.entries(sendFields).map(([key, field]) => [key, field.default]))
const { send } = destination.actions

/** What Segment does with a batch: through the default trigger and the default mapping into onBatch. */
async function deliver(
  settings: Settings,
  events: readonly object[],
  change: object = {},
): Promise<(Answer | undefined)[]> {
  const subscription = {
    partnerAction: "send",
    subscribe: send?.defaultSubscription ?? "",
    mapping: { ...mapping, ...change },
  }
  const hosted = new Destination(createDestination({ protocol: "http" }))
  const results = await hosted.onBatch(events as SegmentEvent[], { ...settings, subscription } as never)
  return results.flatMap(result => (result.multistatus ?? []) as Answer[])
}

interface Answer {
  status: number
  errormessage?: string
  body?: unknown
}

function toVerdict(answer: Answer | undefined): Verdict {
  if (answer?.status === 200) return "stored"
  return answer?.status === 400 ? "rejected" : "failed"
}

function toSettings(url: string, table: string): Settings {
  const { hostname, port } = new URL(url)
  return { host: hostname, port, username: "sink", password: "hunter2", dbName: "events", tableName: table }
}

describeHost(
  "Segment Actions, by onBatch",
  ({ url, table, ...target }) => {
    const settings = { ...toSettings(url, table), username: target.username, password: target.password }
    return { deliver: async events => (await deliver(settings, events)).map(toVerdict) }
  },
  {
    "keeps properties that are a list": "actions-core answers 400 to a list where the form says object",
    "keeps properties that are text": "actions-core answers 400 to text where the form says object",
  },
)

/** testAction fills what an event does not have with values of its own. */
const absent = Object.fromEntries(
  ["anonymousId", "context", "event", "groupId", "name", "properties", "traits", "userId"].map(name => [
    name,
    undefined,
  ]),
)

const formWantsObjects = "actions-core answers 400 where the form says object"
const objectsOnly = {
  "keeps properties that are a list": formWantsObjects,
  "keeps properties that are text": formWantsObjects,
}

describeHost(
  "Segment Actions, by executeBatch",
  ({ url, table, ...target }) => {
    const settings = { ...toSettings(url, table), username: target.username, password: target.password }
    const integration = createTestIntegration(createDestination({ protocol: "http" }))
    return {
      async deliver(events) {
        const batch = { events: events as SegmentEvent[], settings, mapping: mapping as never }
        // Where all of a batch meets the same failure it is thrown.
        const answers = await integration.executeBatch("send", batch).catch(() => [])
        return events.map((_, index) => toVerdict(answers[index] as Answer | undefined))
      },
    }
  },
  objectsOnly,
)

describeHost(
  "Segment Actions, by testAction, event by event",
  ({ url, table, ...target }) => {
    const settings = { ...toSettings(url, table), username: target.username, password: target.password }
    const integration = createTestIntegration(createDestination({ protocol: "http" }))
    return {
      async deliver(events) {
        const verdicts: Verdict[] = []
        for (const event of events) {
          const single = {
            event: { ...absent, ...event } as unknown as SegmentEvent,
            settings,
            mapping: mapping as never,
          }
          verdicts.push(
            await integration.testAction("send", single).then(
              () => "stored",
              (error: { status?: number }) =>
                error.status === undefined || error.status === 400 ? "rejected" : "failed",
            ),
          )
        }
        return verdicts
      },
    }
  },
  {
    ...objectsOnly,
    "stores every event that real clients sent, value by value":
      "one by one they take long; the batches have them",
  },
)

test("an answer is of the host's own class; one of another copy would be read as 200 for every event", async () => {
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
  const answers = async (hosts: Pick<typeof copy, "Destination" | "MultiStatusResponse">) => {
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
  expect(await answers({ Destination, MultiStatusResponse })).toEqual([400])
  expect(await answers(copy)).toEqual([200])
})

const event = {
  messageId: "m1",
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
  event: "Tested",
  userId: "u1",
}
const events = [event, { ...event, messageId: "m2" }]

/** Runs something against a server that answers every request in one way, over real HTTP. */
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

const answering = (status: number, text: string, headers = {}): RequestListener => {
  return (_, response) => response.writeHead(status, headers).end(text)
}
const storing = answering(200, '{"lastInsertId":0,"rowsAffected":1}')

describe("a failure that hits the whole batch is thrown with the status that says who must act", () => {
  test.each<[string, RequestListener, number, string]>([
    ["wrong credentials", answering(401, "Access denied"), 401, "ACCESS_DENIED"],
    [
      "a missing privilege",
      answering(403, "Error 1142 (42000): INSERT command denied"),
      403,
      "PERMISSION_DENIED",
    ],
    [
      "a missing table",
      answering(400, "Error 1146 (42S02): Table 'events.t' doesn't exist"),
      404,
      "UNKNOWN_TABLE",
    ],
    [
      "a missing database",
      answering(400, "Error 1049 (42000): Unknown database 'events'"),
      404,
      "UNKNOWN_DATABASE",
    ],
    ["a page of HTML", answering(200, "<html>log in</html>"), 503, "NOT_A_DATA_API"],
    ["a redirect", answering(302, "", { location: "http://127.0.0.1:1/" }), 503, "NOT_A_DATA_API"],
    ["a text that nobody knows", answering(400, "Error 9999 (HY000): Odd"), 503, "UNEXPECTED_RESPONSE"],
    ["too many requests", answering(429, "slow down"), 429, "OVERLOADED"],
    ["an answer of 500", answering(500, "oops"), 503, "SERVER_UNAVAILABLE"],
    ["an error body of 200 KB", answering(500, "x".repeat(200_000)), 503, "SERVER_UNAVAILABLE"],
  ])("%s", async (_, listener, status, code) => {
    await withServer(listener, async settings => {
      const batch = deliver(settings, events)
      await expect(batch).rejects.toMatchObject({ name: "IntegrationError", status, code })
      await expect(batch).rejects.not.toThrow("hunter2")
    })
  })

  test("no server", async () => {
    await expect(deliver(toSettings("http://127.0.0.1:1", "t"), events)).rejects.toMatchObject({
      status: 503,
      code: "CONNECTION_FAILED",
    })
  })

  test("wrong settings", async () => {
    const settings = { ...toSettings("http://127.0.0.1:1", "t"), host: "https://db.example.com/x" }
    await expect(deliver(settings, events)).rejects.toMatchObject({ status: 503, code: "INVALID_OPTIONS" })
  })
})

describe("a request", () => {
  test("has at most max_batch_size rows", async () => {
    const rows = await withServer(storing, async (settings, bodies) => {
      const many = Array.from({ length: 250 }, (_, index) => ({ ...event, messageId: `m${index}` }))
      await deliver(settings, many)
      return bodies.map(body => JSON.parse(body).args.length / 11)
    })
    expect(rows).toEqual([100, 100, 50])
  })

  test("has null for what the mapping leaves out, whatever the event holds", async () => {
    const [args] = await withServer(storing, async (settings, bodies) => {
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

  test("goes to the default table and the default port's scheme as the settings say", async () => {
    const [sql] = await withServer(storing, async ({ tableName: _, ...settings }, bodies) => {
      await deliver({ ...settings, tableName: "" }, [event])
      return bodies.map(body => JSON.parse(body).sql)
    })
    expect(sql).toContain("INSERT IGNORE INTO `segment_data` (")
  })
})

describe("a single event", () => {
  const perform = async (settings: Settings, single: object) => {
    const hosted = new Destination(createDestination({ protocol: "http" }))
    const subscription = { partnerAction: "send", subscribe: send?.defaultSubscription ?? "", mapping }
    return hosted.onEvent(single as SegmentEvent, { ...settings, subscription } as never)
  }

  test("is stored", async () => {
    const bodies = await withServer(storing, async (settings, bodies) => {
      await perform(settings, event)
      return bodies
    })
    expect(bodies).toHaveLength(1)
  })

  test("that can never be stored is a 400, which Segment does not send again", async () => {
    await withServer(storing, async (settings, bodies) => {
      // dayjs, with which actions-core checks times, knows no calendar.
      const bad = { ...event, timestamp: "2026-02-30T00:00:00Z" }
      await expect(perform(settings, bad)).rejects.toMatchObject({ status: 400, code: "INVALID_TIMESTAMP" })
      expect(bodies).toHaveLength(0)
    })
  })

  test("that meets a failing server is thrown with a status that Segment tries again", async () => {
    await withServer(answering(504, ""), async settings => {
      await expect(perform(settings, event)).rejects.toMatchObject({ status: 503, code: "TIMEOUT" })
    })
  })
})
