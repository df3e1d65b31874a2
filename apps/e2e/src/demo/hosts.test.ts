import { createRequire } from "node:module"
import { dirname } from "node:path"
import type { StartHost } from "@singlesink/conformance"
import { bundleInMemory } from "@singlesink/conformance/bundle"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { startEmulator } from "@singlesink/emulator"
import { type FixtureEvent, readFixtures } from "@singlesink/fixtures"
import { expect, test } from "vitest"
import { createJitsuHost } from "./jitsu.ts"
import { startSegmentHost } from "./segment.ts"

/** Events that real clients rarely send. */
const odd: FixtureEvent[] = [
  { userId: 42 },
  { timestamp: "2026-11-22T00:30:00.123456789+02:00" },
  { timestamp: "2026-11-22" },
  { type: "alias", previousId: "u0", userId: "u1" },
  { context: { traits: { plan: "pro" } } },
  {
    properties: {
      nothing: null,
      sum: 0.1 + 0.2,
      large: 9007199254740991,
      small: 1e-7,
      html: "<>&",
      deep: [[{}], []],
    },
  },
].map((rest, index) => ({
  messageId: `odd ${index}`,
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
  event: "Tested 😀",
  ...rest,
}))

test("Both hosts store the same rows for the same events", async () => {
  await using emulator = await startEmulator({ username: "u", password: "p", databases: ["events"] })
  const server = { url: emulator.url, username: "u", password: "p", database: "events" }
  const api = createDataApi(server)
  const events = [...readFixtures(), ...odd]

  const rowsBy = async (table: string, start: StartHost) => {
    await api.exec(createTableSql({ table }))
    const host = await start({ ...server, table })
    expect(await host.deliver(events)).toEqual(events.map(() => "stored"))
    return api.query(`SELECT * FROM ${table} ORDER BY messageId`)
  }
  const jitsu = dirname(createRequire(import.meta.url).resolve("@singlesink/jitsu/package.json"))
  const byJitsu = await rowsBy("by_jitsu", createJitsuHost(await bundleInMemory(jitsu)))
  const bySegment = await rowsBy("by_segment", startSegmentHost)

  expect(byJitsu).toHaveLength(events.length)
  byJitsu.forEach((row, index) => {
    expect(bySegment[index]).toEqual(row)
  })
})
