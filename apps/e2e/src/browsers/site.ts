import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

/** A site with one page for each SDK. */
export interface Site {
  readonly origin: string
  /** The address of the page of an SDK. */
  pageOf(sdk: string, receiver: string, writeKey: string): string
  close(): Promise<void>
}

/** The settings of a source of RudderStack, as the documentation has them. */
async function readRudderSource(): Promise<string> {
  const page = await readFile(new URL("../../../docs/hosts/sdk.md", import.meta.url), "utf8")
  const [, source] = /^```json\n(.*?)^```$/ms.exec(page) ?? []
  if (source === undefined) throw new Error("docs/hosts/sdk.md has no settings of a source.")
  return source
}

/** Bundles the pages, and serves them as a site of its own origin. */
export async function startSite(sdks: readonly string[]): Promise<Site> {
  const scripts = new Map<string, string>()
  for (const sdk of sdks) {
    const entry = fileURLToPath(new URL(`../src/browsers/pages/${sdk}.ts`, import.meta.url))
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: "esm",
      target: "es2022",
    })
    scripts.set(`/${sdk}.js`, outputFiles[0]?.text ?? "")
  }
  const rudderSource = await readRudderSource()
  const server = createServer(({ url = "" }, response) => {
    const { pathname } = new URL(url, "http://site")
    const script = scripts.get(pathname)
    if (script !== undefined) {
      response.setHeader("content-type", "text/javascript; charset=utf-8").end(script)
    } else if (pathname.startsWith("/sourceConfig")) {
      response.setHeader("content-type", "application/json").end(rudderSource)
    } else if (sdks.includes(pathname.slice(1))) {
      response.setHeader("content-type", "text/html; charset=utf-8")
      response.end(`<!doctype html><title>Site</title><script type="module" src="${pathname}.js"></script>`)
    } else response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end()
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    pageOf: (sdk, receiver, writeKey) => `${origin}/${sdk}?${new URLSearchParams({ receiver, writeKey })}`,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}
