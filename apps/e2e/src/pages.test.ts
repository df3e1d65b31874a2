import { createRequire } from "node:module"
import { dirname } from "node:path"
import type { HostUnderTest, StartHost } from "@singlesink/conformance"
import { bundleInMemory } from "@singlesink/conformance/bundle"
import { createSink, createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createJitsuHost } from "./demo/jitsu.ts"
import { startSegmentHost } from "./demo/segment.ts"

/** The marker of an event that a firewall blocks because of its text. */
const marker = "blocked text"

const bodies: Readonly<Record<string, string>> = {
  "an HTML page": "<!doctype html><html><body>Request blocked</body></html>",
  "HTML without a doctype": "<h1>Forbidden</h1>",
  "HTML after a blank line": "\n  <html><title>Sign in</title></html>",
  text: "Request blocked by policy 17",
  "the JSON of a gateway": '{"message":"Forbidden"}',
  "JSON with an error member": '{"error":{"message":"blocked","code":"WAF-1"}}',
  "an empty body": "",
}

/** Statuses with which something in front of the database blocks one event. */
const statuses = [200, 400, 401, 403, 404, 405, 406, 411, 413, 418, 421, 431, 451]

/** Every body for the long run, and two for each status otherwise. */
const isLong = process.env.SINGLESINK_PAGES === "all"
const bodiesOf = (status: number) =>
  Object.entries(bodies).filter((_, index) => isLong || (index + status) % 4 === 0)

/** Statuses that say "try again" for the whole request. */
const transientStatuses = [429, 500, 502, 503, 504]

const startCore: StartHost = ({ table, ...server }) => {
  const sink = createSink({ transport: createDataApi(server), table, retry: false })
  return {
    deliver: async events => (await sink.writeBatch(events)).map(({ status }) => status),
    close: async () => void (await sink.close()),
  }
}

const jitsu = dirname(createRequire(import.meta.url).resolve("@singlesink/jitsu/package.json"))
const startJitsu: StartHost = async target => createJitsuHost(await bundleInMemory(jitsu))(target)

let runs = 0

describe.each<[string, StartHost]>([
  ["The sink", startCore],
  ["The Jitsu function", startJitsu],
  ["The Segment destination", startSegmentHost],
])("%s", (name, start) => {
  let emulator: Emulator
  let host: HostUnderTest
  beforeAll(async () => {
    emulator = await startEmulator({ username: "u", password: "p", databases: ["events"] })
    const server = { url: emulator.url, username: "u", password: "p", database: "events" }
    await createDataApi(server).exec(createTableSql({ table: "pages" }))
    host = await start({
      url: emulator.url,
      username: "u",
      password: "p",
      database: "events",
      table: "pages",
    })
  })
  afterAll(async () => {
    await host.close?.()
    await emulator.close()
  })

  /** Delivers 20 events, one of them with blocked text, and returns their outcomes and the stored ids. */
  async function deliver(status: number, body: string) {
    const ids = Array.from({ length: 20 }, (_, index) => `${++runs}-${index}`)
    const fault = await emulator.injectFault({ kind: "reject_rows", containing: marker, status, body })
    const outcomes = await host.deliver(
      ids.map((messageId, index) => ({
        messageId,
        type: "track",
        event: index === 13 ? marker : "Tested",
        userId: "u1",
        timestamp: "2026-11-26T10:00:00.000Z",
      })),
    )
    emulator.clearFaults()
    const marks = ids.map(id => `'${id}'`).join(", ")
    const rows = await emulator.query<{ messageId: string }>(
      `SELECT messageId FROM events.pages WHERE messageId IN (${marks})`,
    )
    expect(fault.fired).toBeGreaterThan(0)
    return { outcomes, stored: ids.map(id => rows.some(({ messageId }) => messageId === id)) }
  }

  test.each(statuses)(
    `${name} finds an event that something answers with status %i, and stores the others`,
    async status => {
      for (const [body, text] of bodiesOf(status)) {
        const { outcomes, stored } = await deliver(status, text)
        expect({ body, outcomes }).toEqual({
          body,
          outcomes: outcomes.map((_, index) => (index === 13 ? "failed" : "stored")),
        })
        expect(stored).toEqual(outcomes.map(outcome => outcome === "stored"))
      }
    },
  )

  test.each(transientStatuses)(`${name} rejects no event for status %i`, async status => {
    for (const [, text] of bodiesOf(status)) {
      const { outcomes, stored } = await deliver(status, text)
      expect(outcomes).not.toContain("rejected")
      expect(stored).toEqual(outcomes.map(outcome => outcome === "stored"))
    }
  })

  test.each([301, 302, 303, 307, 308])(`${name} does not follow a redirect with status %i`, async status => {
    await emulator.injectFault({ kind: "respond", status })
    const { outcomes } = await deliver(451, "")
    expect(outcomes).not.toContain("rejected")
    expect(emulator.redirected).toEqual([])
  })

  test(`${name} stores events again after each kind of page`, async () => {
    expect((await deliver(200, "")).outcomes.filter(outcome => outcome === "stored")).toHaveLength(19)
  })
})
