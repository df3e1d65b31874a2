/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import type { Browser, Page } from "playwright-core"
import type { LiveReceiver } from "./receiver.ts"
import { createTraffic } from "./traffic.ts"

/** Checks one behaviour of the live page. @returns what it measured, for the report */
export type Check = (browser: Browser, receiver: LiveReceiver) => Promise<string>

/** Opens the page as `singlesink serve` prints its address, and fails on an error in the console or a foreign request. */
async function withPage(
  browser: Browser,
  { url, liveKey }: LiveReceiver,
  options: NonNullable<Parameters<Browser["newContext"]>[0]>,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  const page = await context.newPage()
  const faults: string[] = []
  page.on("console", message => {
    if (message.type() === "error") faults.push(message.text())
  })
  page.on("pageerror", error => faults.push(error.message))
  page.on("request", request => {
    if (new URL(request.url()).origin !== url) faults.push(`A request to ${request.url()}`)
  })
  await page.goto(`${url}/live#${liveKey}`)
  await page.getByText("Live", { exact: true }).waitFor()
  await work(page)
  await context.close()
  assert.deepEqual(faults, [])
}

const rows = (page: Page) => page.locator("table.events tbody tr")

const signedUp = { type: "track", event: "Signed Up", userId: "u1" }
const firstEvents = [
  { ...signedUp, messageId: "a1", properties: { plan: "pro", email: "ada@example.com", seats: 3 } },
  { ...signedUp, messageId: "a2", properties: { plan: "pro", seats: "many" } },
  { ...signedUp, messageId: "a3", timestamp: "yesterday" },
  { type: "page", messageId: "a4", name: "Pricing", anonymousId: "b1" },
]

/** Before the first event and after it. It must be the first check. */
export const checkFirstEvents: Check = async (browser, receiver) => {
  await withPage(browser, receiver, {}, async page => {
    await page.getByText("No event has arrived yet").waitFor()
    assert.equal(page.url(), `${receiver.url}/live`, "The address still has the key.")
    await receiver.send(firstEvents)
    await page.waitForFunction(() => document.querySelectorAll("table.events tbody tr").length === 4)
    const text = (await page.textContent("main")) ?? ""
    for (const expected of [
      "invalid_timestamp",
      "Expected extended ISO 8601",
      "singlesink explain invalid_timestamp",
      "properties.seats",
    ]) {
      assert.ok(text.includes(expected), `The page does not show ${expected}.`)
    }
    assert.equal(await page.locator("dl .stored dd").textContent(), "3")
    assert.equal(await page.locator("dl .rejected dd").textContent(), "1")
  })
  return ""
}

/** Everything that a keyboard does: filter, open an event, close it, pause. */
export const checkKeyboard: Check = async (browser, receiver) => {
  await withPage(browser, receiver, {}, async page => {
    await rows(page).first().waitFor()
    await page.keyboard.press("/")
    await page.keyboard.type("SIGNED")
    await page.waitForFunction(() => document.querySelectorAll("table.events tbody tr").length === 3)
    await page.getByLabel("Outcome").selectOption("rejected")
    await page.waitForFunction(() => document.querySelectorAll("table.events tbody tr").length === 1)
    await page.getByRole("button", { name: "Pause" }).focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    const dialog = page.getByRole("dialog")
    await dialog.getByText("Values are masked").waitFor()
    const details = (await dialog.textContent()) ?? ""
    assert.ok(details.includes('"userId": "string of 2"') && !details.includes("yesterday"), details)
    assert.ok(details.includes("Column timestamp is not a valid time"), details)
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Signed Up")
    await page.keyboard.press("p")
    await receiver.send([{ ...signedUp, messageId: "k1", properties: { plan: "pro", seats: 1 } }])
    await page.getByRole("button", { name: "Resume (1 new event)" }).waitFor()
  })
  return ""
}

/** The rules of WCAG 2.2 A and AA, contrast included, in both color schemes and on a telephone. */
export const checkAccessibility: Check = async (browser, receiver) => {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8")
  let ruleCount = 0
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1280, 360]) {
      const options = { colorScheme, viewport: { width, height: 800 }, bypassCSP: true }
      await withPage(browser, receiver, options, async page => {
        await rows(page).first().waitFor()
        const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth)
        assert.ok(scrollWidth <= width, `The page is ${scrollWidth} pixels wide on a screen of ${width}.`)
        await page.evaluate(axe)
        for (const isOpen of [false, true]) {
          if (isOpen) {
            await rows(page).first().getByRole("button").click()
            await page.getByRole("dialog").getByText("Values are masked").waitFor()
          }
          const { passes, violations } = await page.evaluate(runAxe)
          ruleCount = passes
          assert.deepEqual(violations, [], `${colorScheme}, ${width} pixels`)
        }
      })
    }
  }
  return `: ${ruleCount} rules pass`
}

async function runAxe(): Promise<{ passes: number; violations: string[] }> {
  const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } }
  const { passes, violations } = await axe.run()
  return {
    passes: passes.length,
    violations: violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
  }
}

interface AxeResults {
  passes: unknown[]
  violations: { id: string; nodes: { html: string }[] }[]
}

/** The page continues after a restart of the receiver, which has forgotten its sessions. */
export const checkRestart: Check = async (browser, receiver) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${receiver.url}/live#${receiver.liveKey}`)
  await rows(page).first().waitFor()
  await receiver.restart()
  await page.getByText("No event has arrived yet").waitFor({ timeout: 15_000 })
  await receiver.send(firstEvents)
  await rows(page).first().waitFor()
  await context.close()
  return ""
}

const [heavyRate, heavySeconds, maxFreezeMs] = [10_000, 6, 1_000]

/** Under load the page still draws, and counts every event. */
export const checkLoad: Check = async (browser, receiver) => {
  let report = ""
  await withPage(browser, receiver, {}, async page => {
    await page.evaluate(() => {
      const frames = { longestMs: 0 }
      Object.assign(window, { frames })
      let last = performance.now()
      function next(now: number): void {
        frames.longestMs = Math.max(frames.longestMs, now - last)
        last = now
        requestAnimationFrame(next)
      }
      requestAnimationFrame(next)
    })
    const traffic = createTraffic(receiver.send)
    const start = performance.now()
    traffic.start(heavyRate)
    await page.waitForTimeout(heavySeconds * 1_000)
    const sent = await traffic.stop()
    const seconds = (performance.now() - start) / 1_000
    const sum = (expected: number) =>
      [...document.querySelectorAll("dl div:nth-child(-n+3) dd")].reduce(
        (total, { textContent }) => total + Number(textContent?.replaceAll(",", "")),
        0,
      ) >= expected
    await page.waitForFunction(sum, sent)
    const listed = await rows(page).count()
    assert.ok(listed <= 200, `The list has ${listed} rows.`)
    const longestMs = await page.evaluate(
      () => (window as unknown as { frames: { longestMs: number } }).frames.longestMs,
    )
    assert.ok(longestMs < maxFreezeMs, `The page did not draw for ${Math.round(longestMs)} ms.`)
    report = `: ${Math.round(sent / seconds).toLocaleString("en")} events/s, the longest frame took ${Math.round(longestMs)} ms`
  })
  return report
}

/** Writes the picture of the documentation. */
export const takeScreenshot = async (
  browser: Browser,
  receiver: LiveReceiver,
  path: string,
): Promise<void> => {
  const traffic = createTraffic(receiver.send)
  traffic.start(160)
  await withPage(browser, receiver, { deviceScaleFactor: 2 }, async page => {
    await page.waitForTimeout(90_000)
    await page.screenshot({ path })
  })
  await traffic.stop()
}
