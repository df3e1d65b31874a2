import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import type { Browser } from "playwright-core"
import sirv from "sirv"
import { launchChromium } from "../chromium.ts"
import { crawl } from "./crawl.ts"

// Relative to dist, which contains the built command.
const folder = fileURLToPath(new URL("../../docs/.vitepress/dist", import.meta.url))

const browser = await launchChromium()
if (browser !== undefined) {
  await check(browser)
  await browser.close()
}

async function check(browser: Browser): Promise<void> {
  const serve = sirv(folder, { extensions: ["html"] })
  const server = createServer((request, response) =>
    serve(request, response, () => void response.writeHead(404).end()),
  )
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const start = performance.now()
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { pages, links, faults } = await crawl(browser, origin)
  await checkSearch(browser, origin)
  server.close()
  for (const fault of faults) console.error(`FAILED  ${fault}`)
  if (faults.length > 0) process.exitCode = 1
  const seconds = ((performance.now() - start) / 1_000).toFixed(1).padStart(5)
  if (faults.length === 0)
    console.log(`ok ${seconds} s  the site: ${pages} pages, ${links} links, and a search`)
}

/** The search works without a server. @throws Error if it does not find a page */
async function checkSearch(browser: Browser, origin: string): Promise<void> {
  const page = await browser.newPage()
  await page.goto(origin)
  await page.getByRole("button", { name: "Search" }).first().click()
  await page.getByRole("searchbox").fill("lock_timeout")
  await page.locator('a[href*="/operating"]').first().waitFor()
  await page.close()
}
