import assert from "node:assert/strict"
import { setTimeout as sleep } from "node:timers/promises"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"
import { startEmulator } from "@singlesink/emulator"
import { createReceiver } from "@singlesink/receiver"
import type { Browser } from "playwright-core"
import { launchChromium } from "../chromium.ts"
import { startSite } from "./site.ts"

/** The SDKs for browsers: the name of the page, of the package, and a write key in its form. */
const sdks = [
  ["jitsu", "@jitsu/js", "a-key:a-secret"],
  ["rudderstack", "@rudderstack/analytics-js", "1aBcDeFgHiJkLmNoPqRsTuVwXyZ"],
  ["segment", "@segment/analytics-next", "a-write-key"],
] as const

/** What the rows must contain, in the order of their types. */
const expected = [
  { type: "group", userId: "u1", groupId: "g1", traits: { name: "Acme" } },
  { type: "identify", userId: "u1", traits: { email: "ada@example.com", name: "Ada" } },
  { type: "page", userId: "u1", name: "Pricing" },
  {
    type: "track",
    userId: "u1",
    event: "Signed Up",
    properties: { plan: "pro", seats: 3, note: "ünïcode 🎉" },
  },
]

type Row = Record<string, unknown>

const [timeoutMs, intervalMs] = [15_000, 100]

const browser = await launchChromium()
if (browser !== undefined) {
  await checkSdks(browser)
  await browser.close()
}

async function checkSdks(browser: Browser): Promise<void> {
  await using emulator = await startEmulator()
  const fetchDatabase = undiciFetch()
  const credentials = { username: "root", password: "", database: "events" }
  const database = createDataApi({ url: emulator.url, ...credentials, fetch: fetchDatabase })
  for (const [sdk] of sdks) await emulator.exec(createTableSql({ table: sdk }))
  const site = await startSite(sdks.map(([sdk]) => sdk))
  const receiver = createReceiver({
    database,
    writeKeys: Object.fromEntries(sdks.map(([sdk, , key]) => [key, sdk])),
    cors: [site.origin],
  })
  const url = await receiver.listen({ host: "127.0.0.1", port: 0 })
  for (const [sdk, name, key] of sdks) {
    const start = performance.now()
    try {
      const faults = await visit(browser, site.pageOf(sdk, url, key), async () => {
        const rows = await waitForRows(() => emulator.query<Row>(`SELECT * FROM ${sdk} ORDER BY type`))
        assert.deepEqual(rows.map(toSent), expected)
        assert.equal(new Set(rows.map(({ messageId }) => messageId)).size, expected.length)
      })
      assert.deepEqual(faults, [])
      console.log(
        `ok ${((performance.now() - start) / 1_000).toFixed(1).padStart(5)} s  ${name} in Chromium: ${expected.length} events, one row each`,
      )
    } catch (error) {
      console.error(`FAILED  ${name}: ${(error as Error).message}`)
      process.exitCode = 1
    }
  }
  await receiver.close()
  await site.close()
  await fetchDatabase.close()
}

/** @returns the errors of the page */
async function visit(browser: Browser, address: string, work: () => Promise<void>): Promise<string[]> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const faults: string[] = []
  page.on("console", message => {
    if (message.type() === "error") faults.push(message.text())
  })
  page.on("pageerror", error => faults.push(error.message))
  try {
    await page.goto(address)
    await work()
  } catch (error) {
    throw new Error([(error as Error).message, ...faults].join("\n"))
  } finally {
    await context.close()
  }
  return faults
}

/** Waits for the expected number of rows, and a moment more for any that is too many. */
async function waitForRows(read: () => Promise<Row[]>): Promise<Row[]> {
  const endsAt = Date.now() + timeoutMs
  while ((await read()).length < expected.length && Date.now() < endsAt) await sleep(intervalMs)
  await sleep(10 * intervalMs)
  return read()
}

/** What the page has passed to the SDK. The SDK adds more to a page. */
function toSent({ type, userId, event, name, groupId, properties, traits }: Row): Row {
  switch (type) {
    case "group":
      return { type, userId, groupId, traits }
    case "identify":
      return { type, userId, traits }
    case "page":
      return { type, userId, name: name ?? (properties as Row).name }
    default:
      return { type, userId, event, properties }
  }
}
