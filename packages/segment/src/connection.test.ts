import dns from "node:dns/promises"
import { Destination } from "@segment/actions-core"
import { afterEach, expect, test, vi } from "vitest"
import { createDestination, type Settings } from "./index.ts"
import { sendBatch, sendEvent } from "./testing/send.ts"
import { type Answer, withServer } from "./testing/server.ts"

afterEach(() => {
  vi.restoreAllMocks()
})

const event = { messageId: "m1", timestamp: "2026-11-22T06:13:12.535Z", type: "page" }
const options = { forbidPrivateHosts: true }

/** Runs a test with a host that has these addresses, and counts the requests and the lookups. */
async function withAddresses(addresses: string[], run: (settings: Settings) => Promise<void>) {
  const lookup = vi.spyOn(dns, "lookup") as unknown as ReturnType<typeof vi.fn>
  lookup.mockResolvedValue(addresses.map(address => ({ address, family: address.includes(":") ? 6 : 4 })))
  let requests = 0
  const answer: Answer = (_, response) => {
    requests++
    response.end(JSON.stringify({ lastInsertId: 0, rowsAffected: 1 }))
  }
  await withServer(answer, settings => run({ ...settings, host: "localhost" }))
  return { requests, lookups: lookup.mock.calls.length }
}

test.each([
  ["a private address", ["10.20.30.40"]],
  ["a loopback address", ["::1"]],
  ["a public and a link-local address", ["8.8.8.8", "169.254.169.254"]],
])(
  "With forbidPrivateHosts nothing is sent to a host with %s, and Segment retries the events",
  async (_, addresses) => {
    const { requests } = await withAddresses(addresses, async settings => {
      const failure = { name: "IntegrationError", status: 503, code: "PRIVATE_HOST" }
      await expect(sendEvent(settings, event, options)).rejects.toMatchObject(failure)
      await expect(
        sendBatch(settings, [event, { ...event, messageId: "m2" }], options),
      ).rejects.toMatchObject(failure)
    })
    expect(requests).toBe(0)
  },
)

test("With forbidPrivateHosts testAuthentication and the lists of the form say that the host is not public", async () => {
  const { requests } = await withAddresses(["192.168.0.7"], async settings => {
    const hosted = new Destination(createDestination({ protocol: "http", ...options }))
    await expect(hosted.testAuthentication(settings)).rejects.toThrow(
      /The host is not on the public internet.* Use a public host\. \[private_host\]/,
    )
    expect(
      await hosted.executeDynamicField("send", "table", { settings, payload: {} } as never),
    ).toMatchObject({
      choices: [],
      error: { code: "PRIVATE_HOST" },
    })
  })
  expect(requests).toBe(0)
})

test("With forbidPrivateHosts a call looks up its host once, whatever the number of tables", async () => {
  const counts = await withAddresses(["8.8.8.8"], async settings => {
    const events = Array.from({ length: 12 }, (_, index) => ({ ...event, messageId: `m${index}` }))
    const mapping = { table: { "@template": "t_{{messageId}}" } }
    const responses = await sendBatch(settings, events, { ...options, mapping })
    expect(responses.map(({ status }) => status)).toEqual(Array(12).fill(200))
  })
  expect(counts).toEqual({ requests: 12, lookups: 1 })
})

test("A host without an address fails with status 503", async () => {
  await withAddresses([], async settings => {
    await expect(sendEvent(settings, event, options)).rejects.toMatchObject({
      status: 503,
      code: "CONNECTION_FAILED",
    })
  })
})
