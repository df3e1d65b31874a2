import { createServer, type RequestListener } from "node:http"
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net"
import { inspect } from "node:util"
import { afterEach, describe, expect, test, vi } from "vitest"
import type { FetchRequest } from "../http/fetch.ts"
import type { UndiciFetchOptions } from "./options.ts"

const request: FetchRequest = { method: "POST", headers: {}, body: "{}", timeoutMs: 5_000, idempotent: true }

/** They run after each test, the latest first. */
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  vi.doUnmock("undici")
})

async function startServer(respond: RequestListener) {
  const server = createServer(respond)
  const sockets: Socket[] = []
  server.on("connection", socket => sockets.push(socket))
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  cleanups.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, sockets }
}

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
const hasUndici8 = major > 22 || (major === 22 && minor >= 19)
if (!hasUndici8)
  console.log(
    `The tests of undici 8 are skipped, because it requires Node 22.19 and this is ${process.version}.`,
  )

describe.each([
  ["undici 7", "undici", true],
  ["undici 8", "undici-8", hasUndici8],
])("%s", (_, name, isSupported) => {
  describe.skipIf(!isSupported)("undiciFetch", () => {
    async function open(options?: UndiciFetchOptions) {
      vi.resetModules()
      if (name !== "undici") vi.doMock("undici", () => import("undici-8"))
      const { undiciFetch } = await import("./undici.ts")
      const fetch = undiciFetch(options)
      cleanups.push(() => fetch.close().catch(() => {}))
      return fetch
    }

    test("undiciFetch opens at most as many connections as configured, and reuses them", async () => {
      const { url, sockets } = await startServer(
        (_, response) => void setTimeout(() => response.end("ok"), 5),
      )
      const fetch = await open({ connections: 2 })
      const texts = await Promise.all(
        Array.from({ length: 10 }, async () => (await fetch(url, request)).text(100)),
      )
      expect(new Set(texts)).toEqual(new Set(["ok"]))
      expect(sockets.length).toBe(2)
    })

    test("undiciFetch closes an idle connection after keepAliveMs", async () => {
      const { url, sockets, server } = await startServer((_, response) => response.end("ok"))
      // The server announces no timeout of idle connections.
      server.keepAliveTimeout = 0
      const startedAt = Date.now()
      const fetch = await open({ keepAliveMs: 1 })
      await (await fetch(url, request)).text(100)
      await new Promise<void>(resolve => sockets[0]?.once("close", () => resolve()))
      expect(Date.now() - startedAt).toBeLessThan(2_500)
      await (await fetch(url, request)).text(100)
      expect(sockets.length).toBe(2)
    })

    test("undiciFetch returns a redirect without following it", async () => {
      const { url } = await startServer((_, response) => response.writeHead(307, { location: "/x" }).end())
      expect(await (await open())(url, request)).toMatchObject({ status: 307 })
    })

    test("A request times out before the response as well as during its body", async () => {
      const fetch = await open()
      const silent = await startServer(() => {})
      await expect(fetch(silent.url, { ...request, timeoutMs: 20 })).rejects.toThrow(/timed out/)
      const slow = await startServer((_, response) => response.writeHead(200).write("a"))
      const response = await fetch(slow.url, { ...request, timeoutMs: 50 })
      await expect(response.text(100)).rejects.toThrow(/timed out/)
    })

    test("A request that timed out while it waited for a connection is never sent", async () => {
      const seen: (string | undefined)[] = []
      let respond = () => {}
      const { url } = await startServer((incoming, response) => {
        seen.push(incoming.url)
        respond = () => void response.end("ok")
      })
      const fetch = await open({ connections: 1 })
      const first = fetch(`${url}/first`, request)
      const second = fetch(`${url}/second`, { ...request, timeoutMs: 20 })
      await expect(second).rejects.toThrow(/timed out/)
      await vi.waitFor(() => expect(seen).toEqual(["/first"]))
      respond()
      expect(await (await first).text(100)).toBe("ok")
      const third = fetch(`${url}/third`, request)
      await vi.waitFor(() => expect(seen).toEqual(["/first", "/third"]))
      respond()
      await (await third).text(100)
    })

    test("undiciFetch skips a 103 response and returns the final one", async () => {
      const { url } = await startServer((_, response) => {
        response.writeEarlyHints({ link: "</x>; rel=preload" })
        response.end("ok")
      })
      const response = await (await open())(url, request)
      expect([response.status, await response.text(100)]).toEqual([200, "ok"])
    })

    test("A close waits for the requests in flight, and a second close is allowed", async () => {
      let respond = () => {}
      const { url } = await startServer((_, response) => {
        respond = () => void response.end("ok")
      })
      const fetch = await open()
      const response = fetch(url, request)
      await vi.waitFor(() => {
        respond()
        if (String(respond) === "() => {}") throw new Error("The request has not arrived yet.")
      })
      const closing = [fetch.close(), fetch.close()]
      expect(await (await response).text(100)).toBe("ok")
      await Promise.all(closing)
    })

    test("A request through a silent proxy times out, and the close after it does not wait", async () => {
      const silent = createTcpServer(() => {}).listen(0, "127.0.0.1")
      await new Promise(resolve => silent.once("listening", resolve))
      cleanups.push(() => silent.close())
      const fetch = await open({ proxy: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` })
      const startedAt = Date.now()
      const shortRequest = { ...request, timeoutMs: 100 }
      await expect(fetch("http://127.0.0.1:9/x", shortRequest)).rejects.toThrow(/timed out/)
      await fetch.close()
      expect(Date.now() - startedAt).toBeLessThan(2_000)
    })

    test("A request after the close is rejected with the code of a closed client", async () => {
      const fetch = await open()
      await fetch.close()
      await expect(fetch("http://127.0.0.1:9", request)).rejects.toMatchObject({
        code: expect.stringMatching(/^UND_ERR_(CLOSED|DESTROYED)$/),
      })
    })

    test("A response that breaks off rejects while its body is read", async () => {
      const { url } = await startServer((_, response) => {
        response.writeHead(200, { "content-length": 100 }).write("a")
        setTimeout(() => response.destroy(), 5)
      })
      const response = await (await open())(url, request)
      await expect(response.text(100)).rejects.toThrow()
    })

    test("undiciFetch applies separate timeouts to the headers and to pauses in the body", async () => {
      // undici checks these timeouts twice a second.
      const fetch = await open({ headersTimeoutMs: 1, bodyTimeoutMs: 1 })
      const silent = await startServer(() => {})
      await expect(fetch(silent.url, request)).rejects.toMatchObject({ code: "UND_ERR_HEADERS_TIMEOUT" })
      const slow = await startServer((_, response) => response.writeHead(200).write("a"))
      const response = await fetch(slow.url, request)
      await expect(response.text(100)).rejects.toMatchObject({ code: "UND_ERR_BODY_TIMEOUT" })
    })

    test("A request to a host that accepts no connection is rejected", async () => {
      const fetch = await open({ connectTimeoutMs: 20 })
      // TEST-NET-1 has no hosts. A network that rejects the address immediately passes as well.
      await expect(fetch("http://192.0.2.1:9", request)).rejects.toThrow()
    })

    test("A response without a content length is read up to the limit and truncated there", async () => {
      const { url } = await startServer((_, response) => {
        response.write("a".repeat(90))
        setTimeout(() => response.end("b".repeat(20)), 5)
      })
      const fetch = await open()
      const whole = await fetch(url, request)
      expect(await whole.text(110)).toBe("a".repeat(90) + "b".repeat(20))
      expect(whole.isTruncated).toBeFalsy()
      const cut = await fetch(url, request)
      expect(await cut.text(100)).toBe("a".repeat(90) + "b".repeat(10))
      expect(cut.isTruncated).toBe(true)
    })

    describe("stale connections", () => {
      /** Responds to the first request of each connection, and closes the connection on the second one. */
      async function startStaleServer(close: (socket: Socket) => void) {
        const served = new WeakMap<Socket, number>()
        let requests = 0
        const server = await startServer((incoming, response) => {
          requests++
          const before = served.get(incoming.socket) ?? 0
          served.set(incoming.socket, before + 1)
          if (before === 0) response.end("ok")
          else close(incoming.socket)
        })
        return { ...server, count: () => requests }
      }

      test.each<[string, (socket: Socket) => void]>([
        ["a reset", socket => socket.resetAndDestroy()],
        ["a close", socket => socket.end()],
      ])("An idempotent request is sent again after %s of a reused connection", async (_, close) => {
        const { url, sockets, count } = await startStaleServer(close)
        const fetch = await open({ connections: 1 })
        await (await fetch(url, request)).text(100)
        const second = await fetch(url, request)
        expect([second.status, await second.text(100)]).toEqual([200, "ok"])
        expect([sockets.length, count()]).toEqual([2, 3])
      })

      test("A request that is not idempotent is not sent again after a reset of a reused connection", async () => {
        const { url, count } = await startStaleServer(socket => socket.resetAndDestroy())
        const fetch = await open({ connections: 1 })
        await (await fetch(url, request)).text(100)
        await expect(fetch(url, { ...request, idempotent: false })).rejects.toThrow()
        expect(count()).toBe(2)
      })
    })

    test.each(["H", "HTTP/1.1 200 OK\r\ncontent-le"])(
      "A request is not sent again after a response that breaks off at %j",
      async start => {
        let requests = 0
        const { url } = await startServer(({ socket }) => {
          requests++
          socket.write(start, () => socket.resetAndDestroy())
        })
        await expect((await open())(url, request)).rejects.toThrow()
        expect(requests).toBe(1)
      },
    )

    test("A request is not sent again after a reset of a new connection", async () => {
      let requests = 0
      const { url } = await startServer(({ socket }) => {
        requests++
        socket.resetAndDestroy()
      })
      await expect((await open())(url, request)).rejects.toThrow()
      expect(requests).toBe(1)
    })

    test("A request is sent again only once", async () => {
      let requests = 0
      const { url } = await startServer(({ socket }, response) => {
        requests++
        if (requests === 1) response.end("ok")
        else socket.resetAndDestroy()
      })
      const fetch = await open({ connections: 1 })
      await (await fetch(url, request)).text(100)
      await expect(fetch(url, request)).rejects.toThrow()
      expect(requests).toBe(3)
    })

    describe("proxies", () => {
      async function startProxy(status = "200 OK") {
        const tunnels: string[] = []
        const { url, server } = await startServer(() => {})
        server.on("connect", (incoming, socket, head) => {
          tunnels.push(incoming.url ?? "")
          if (status !== "200 OK") return socket.end(`HTTP/1.1 ${status}\r\n\r\n`)
          const [host, port] = (incoming.url ?? "").split(":")
          const target = connect(Number(port), host, () => {
            socket.write("HTTP/1.1 200 OK\r\n\r\n")
            target.write(head)
            target.pipe(socket).pipe(target)
          })
          target.on("error", () => socket.destroy())
          socket.on("error", () => target.destroy())
          cleanups.push(() => target.destroy())
        })
        return { url, tunnels }
      }

      test("undiciFetch connects through the configured proxy", async () => {
        const { url } = await startServer((_, response) => response.end("ok"))
        const proxy = await startProxy()
        const fetch = await open({ proxy: proxy.url })
        expect(await (await fetch(url, request)).text(100)).toBe("ok")
        expect(proxy.tunnels).toEqual([new URL(url).host])
      })

      test("undiciFetch uses the proxy of the environment only if it is configured to", async () => {
        const { url } = await startServer((_, response) => response.end("ok"))
        const proxy = await startProxy()
        vi.stubEnv("HTTP_PROXY", proxy.url)
        vi.stubEnv("http_proxy", proxy.url)
        vi.stubEnv("NO_PROXY", "")
        vi.stubEnv("no_proxy", "")
        cleanups.push(() => vi.unstubAllEnvs())
        await (await (await open())(url, request)).text(100)
        expect(proxy.tunnels).toEqual([])
        await (await (await open({ proxy: "environment" }))(url, request)).text(100)
        expect(proxy.tunnels).toEqual([new URL(url).host])
      })
    })
  })
})

test("All invalid options of undiciFetch are reported at once, without their values", async () => {
  const { undiciFetch } = await import("./undici.ts")
  expect(() => undiciFetch({ connection: 3, tls: { rejectUnauthorized: false } } as object)).toThrow(
    /Unknown option `tls.rejectUnauthorized`; Unknown option `connection`/,
  )
  const options = {
    connections: 0,
    keepAliveMs: 0.5,
    connectTimeoutMs: -1,
    headersTimeoutMs: Number.NaN,
    bodyTimeoutMs: 2 ** 31,
    proxy: "hunter2",
    tls: { cert: "hunter2", key: "hunter2" },
  }
  let error: unknown
  try {
    undiciFetch(options)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toMatchObject({ name: "ConfigError", code: "invalid_options" })
  for (const name of Object.keys(options)) expect(String(error)).toContain(`\`${name}\` must be`)
  expect(inspect(error)).not.toContain("hunter2")
  vi.stubEnv("HTTPS_PROXY", "socks9://hunter2:1")
  vi.stubEnv("https_proxy", "socks9://hunter2:1")
  expect(() => undiciFetch({ proxy: "environment" })).toThrow(/invalid_options/)
  vi.unstubAllEnvs()
})
