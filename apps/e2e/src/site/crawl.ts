/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Browser, Page } from "playwright-core"

/** What a crawl has found. */
export interface Crawl {
  readonly pages: number
  readonly links: number
  /** A sentence for each fault. */
  readonly faults: readonly string[]
}

const [width, narrowWidth, height] = [1280, 360, 800]

/** Opens every page that is reachable, follows every link, and looks at each page on a narrow screen. */
export async function crawl(browser: Browser, origin: string): Promise<Crawl> {
  const context = await browser.newContext({ viewport: { width, height } })
  const page = await context.newPage()
  const faults: string[] = []
  let current = ""
  const report = (sentence: string) => void faults.push(`${current}: ${sentence}`)
  page.on("console", message => {
    if (message.type() === "error") report(message.text())
  })
  page.on("pageerror", error => report(error.message))
  page.on("request", request => {
    if (!request.url().startsWith(origin) && !request.url().startsWith("data:"))
      report(`loads ${request.url()}`)
  })

  const waiting = ["/"]
  const anchors = new Map<string, ReadonlySet<string>>()
  /** The pages and anchors that are linked, with a page that links to them. */
  const links = new Map<string, string>()
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (anchors.has(path)) continue
    current = path
    const response = await page.goto(origin + path, { waitUntil: "load" })
    if (response?.status() !== 200) {
      report(`answers ${response?.status()}; it is linked from ${links.get(path)}`)
      anchors.set(path, new Set())
      continue
    }
    const { ids, hrefs } = await readPage(page)
    anchors.set(path, new Set(ids))
    await checkNarrow(page, report)
    for (const href of hrefs) {
      const { origin: host, pathname, hash } = new URL(href, origin + path)
      if (host !== origin) continue
      if (!links.has(pathname + hash)) links.set(pathname + hash, path)
      waiting.push(pathname)
    }
  }
  for (const [link, from] of links) {
    const [path = "", fragment] = link.split("#")
    if (fragment === undefined || fragment === "") continue
    if (!anchors.get(path)?.has(decodeURIComponent(fragment)))
      faults.push(`${from}: ${link} has no such heading`)
  }
  await context.close()
  return { pages: anchors.size, links: links.size, faults }
}

function readPage(page: Page): Promise<{ ids: string[]; hrefs: string[] }> {
  return page.evaluate(() => ({
    ids: [...document.querySelectorAll("[id]")].map(({ id }) => id),
    hrefs: [...document.querySelectorAll("a[href]")].map(link => (link as HTMLAnchorElement).href),
  }))
}

async function checkNarrow(page: Page, report: (sentence: string) => void): Promise<void> {
  await page.setViewportSize({ width: narrowWidth, height })
  const found = await page.evaluate(() => document.documentElement.scrollWidth)
  if (found > narrowWidth) report(`is ${found} pixels wide on a screen of ${narrowWidth}`)
  await page.setViewportSize({ width, height })
}
