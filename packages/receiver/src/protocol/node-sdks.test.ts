import type { OutgoingHttpHeaders } from "node:http"
import { jitsuAnalytics } from "@jitsu/js"
import Rudder from "@rudderstack/rudder-sdk-node"
import { Analytics } from "@segment/analytics-node"
import { describe, expect, test } from "vitest"
import { startReceiver, type TestReceiver, writeKey } from "../testing/receiver.ts"

/** Jitsu's client takes no other form of a key. */
const jitsuKey = "a-key:a-secret"
const writeKeys = [writeKey, jitsuKey]

/** What every SDK is asked to send, and what the rows must contain. */
const properties = { plan: "pro", seats: 3, tags: ["a", "ü"], nested: { deep: [{ n: null }] } }
const traits = { email: "ada@example.com", name: "Ada" }
const timestamp = new Date("2026-11-22T06:13:12.535Z")

interface Sdk {
  readonly name: string
  /** The rows that `send` must make, in the order of their types. */
  readonly rows: readonly object[]
  /** How many calls it makes. */
  readonly calls: number
  /** Whether it repeats a call that was answered 503. */
  readonly retries: boolean
  /** Calls the SDK, and resolves when it has nothing left to send. */
  send(url: string): Promise<void>
}

const stored = { properties: null, traits: null, event: null, name: null, groupId: null }

const segment: Sdk = {
  name: "@segment/analytics-node",
  calls: 1,
  retries: true,
  rows: [
    { ...stored, type: "alias", userId: "u1" },
    { ...stored, type: "group", userId: "u1", groupId: "g1", traits: { name: "Acme" } },
    { ...stored, type: "identify", userId: "u1", traits },
    { ...stored, type: "page", userId: "u1", name: "Pricing", properties: { path: "/pricing" } },
    { ...stored, type: "screen", userId: "u1", name: "Home", properties: {} },
    { ...stored, type: "track", userId: "u1", event: "Signed Up", properties },
  ],
  async send(url) {
    const analytics = new Analytics({ writeKey, host: url, maxRetries: 5 })
    analytics.on("error", error => expect.fail(String(error)))
    analytics.identify({ userId: "u1", traits, timestamp })
    analytics.track({ userId: "u1", event: "Signed Up", properties, timestamp })
    analytics.page({ userId: "u1", name: "Pricing", properties: { path: "/pricing" }, timestamp })
    analytics.screen({ userId: "u1", name: "Home", timestamp })
    analytics.group({ userId: "u1", groupId: "g1", traits: { name: "Acme" }, timestamp })
    analytics.alias({ userId: "u1", previousId: "u0", timestamp })
    await analytics.closeAndFlush()
  },
}

const rudder = (gzip: boolean): Sdk => ({
  name: `@rudderstack/rudder-sdk-node ${gzip ? "with" : "without"} gzip`,
  // The first event is sent at once.
  calls: 2,
  retries: true,
  rows: [
    { ...stored, type: "alias", userId: "u1" },
    { ...stored, type: "group", userId: "u1", groupId: "g1", traits: { name: "Acme" } },
    { ...stored, type: "identify", userId: "u1", traits },
    { ...stored, type: "page", userId: "u1", name: "Pricing", properties: { path: "/pricing" } },
    { ...stored, type: "screen", userId: "u1", name: "Home" },
    { ...stored, type: "track", userId: "u1", event: "Signed Up", properties },
  ],
  async send(url) {
    const analytics = new Rudder(writeKey, { dataPlaneUrl: url, gzip, logLevel: "none", flushAt: 1_000 })
    analytics.identify({ userId: "u1", traits, timestamp })
    analytics.track({ userId: "u1", event: "Signed Up", properties, timestamp })
    analytics.page({ userId: "u1", name: "Pricing", properties: { path: "/pricing" }, timestamp })
    analytics.screen({ userId: "u1", name: "Home", timestamp })
    analytics.group({ userId: "u1", groupId: "g1", traits: { name: "Acme" }, timestamp })
    analytics.alias({ userId: "u1", previousId: "u0", timestamp })
    await analytics.flush()
  },
})

const jitsu: Sdk = {
  name: "@jitsu/js",
  calls: 4,
  retries: false,
  rows: [
    { type: "group", groupId: "g1", traits: { name: "Acme" } },
    { type: "identify", userId: "u1", traits },
    // This SDK sends the name of a page as a property.
    { type: "page", properties: { name: "Pricing", path: "/pricing" } },
    { type: "track", userId: "u1", event: "Signed Up", properties },
  ],
  async send(url) {
    const analytics = jitsuAnalytics({ host: url, writeKey: jitsuKey, s2s: true })
    await analytics.identify("u1", traits)
    await analytics.track("Signed Up", properties)
    await analytics.page({ name: "Pricing", path: "/pricing" })
    await analytics.group("g1", { name: "Acme" })
  },
}

const json = ["properties", "traits", "context"]

/** The rows in the order of their types, with parsed JSON. */
async function readRows({ rows }: TestReceiver): Promise<Record<string, unknown>[]> {
  const parsed = (await rows()).map(row =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        json.includes(column) && typeof value === "string" ? JSON.parse(value) : value,
      ]),
    ),
  )
  return parsed.sort((a, b) => String(a.type).localeCompare(String(b.type)))
}

describe.each([segment, rudder(false), rudder(true), jitsu])("$name", sdk => {
  test(`The rows of ${sdk.name} are the events that were sent`, async () => {
    const receiver = await startReceiver({ writeKeys })
    await sdk.send(receiver.url)
    const found = await readRows(receiver)
    expect(found).toMatchObject(sdk.rows)
    expect(found).toHaveLength(sdk.rows.length)
    // The receiver corrects it by the time between the clocks, which are the same here.
    const shift = ({ timestamp: time }: Record<string, unknown>) =>
      Date.parse(`${time}Z`) - timestamp.getTime()
    if (sdk.retries) expect(Math.max(...found.map(shift).map(Math.abs))).toBeLessThan(10_000)
    expect(new Set(found.map(({ messageId }) => messageId)).size).toBe(sdk.rows.length)
  })

  test(`Every event of ${sdk.name} is stored once although an answer is lost after the commit`, async () => {
    const receiver = await startReceiver({ writeKeys })
    let calls = 0
    receiver.app.server.prependListener("request", (_, response) => {
      if (++calls > 1) return
      const writeHead = response.writeHead.bind(response)
      response.writeHead = ((_: number, headers: OutgoingHttpHeaders) =>
        writeHead(503, headers)) as typeof response.writeHead
    })
    await sdk.send(receiver.url)
    const found = await readRows(receiver)
    expect(found).toMatchObject(sdk.rows)
    expect(found).toHaveLength(sdk.rows.length)
    expect(calls).toBe(sdk.calls + (sdk.retries ? 1 : 0))
  })
})

test.each([segment, rudder(false), rudder(true)])(
  "$name sends its events again if the connection breaks before they are stored",
  async sdk => {
    const receiver = await startReceiver({ writeKeys })
    let calls = 0
    receiver.app.server.prependListener("request", ({ socket }) => {
      if (++calls === 1) socket.destroy()
    })
    await sdk.send(receiver.url)
    expect(calls).toBe(sdk.calls + 1)
    expect(await readRows(receiver)).toMatchObject(sdk.rows)
  },
)
