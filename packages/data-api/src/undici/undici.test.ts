import { createServer, type RequestListener } from "node:http"
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net"
import { inspect } from "node:util"
import { afterEach, describe, expect, test, vi } from "vitest"
import type { FetchRequest } from "../http/fetch.ts"
import type { UndiciFetchOptions } from "./options.ts"

const request: FetchRequest = { method: "POST", headers: {}, body: "{}", timeoutMs: 5_000, idempotent: true }

/** What a test leaves open. */
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  vi.doUnmock("undici")
})

async function startServer(answer: RequestListener) {
  const server = createServer(answer)
  const sockets: Socket[] = []
  server.on("connection", socket => sockets.push(socket))
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, sockets }
}

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
const hasUndici8 = major > 22 || (major === 22 && minor >= 19)
if (!hasUndici8)
  console.log(`undici 8 needs Node 22.19 and this is ${process.version}: its tests are skipped.`)

describe.each([
  ["undici 7", "undici", true],
  ["undici 8", "undici-8", hasUndici8],
])("%s", (_, name, runs) => {
  describe.skipIf(!runs)("as a fetch", () => {
    async function open(options?: UndiciFetchOptions) {
      vi.resetModules()
      if (name !== "undici") vi.doMock("undici", () => import("undici-8"))
      const { undiciFetch } = await import("./undici.ts")
      const fetch = undiciFetch(options)
      ends.push(() => fetch.close().catch(() => {}))
      return fetch
    }

    test("keeps its connections, as many as are asked for", async () => {
      const { url, sockets } = await startServer(
        (_, response) => void setTimeout(() => response.end("ok"), 5),
      )
      const fetch = await open({ connections: 2 })
      const answers = await Promise.all(
        Array.from({ length: 10 }, async () => (await fetch(url, request)).text(100)),
      )
      expect(new Set(answers)).toEqual(new Set(["ok"]))
      expect(sockets.length).toBe(2)
    })

    test("lets go of a connection before the server does", async () => {
      const { url, sockets, server } = await startServer((_, response) => response.end("ok"))
      // A server that does not say how long it keeps them.
      server.keepAliveTimeout = 0
      const startedAt = Date.now()
      const fetch = await open({ keepAliveMs: 1 })
      await (await fetch(url, request)).text(100)
      await new Promise<void>(resolve => sockets[0]?.once("close", () => resolve()))
      expect(Date.now() - startedAt).toBeLessThan(2_500)
      await (await fetch(url, request)).text(100)
      expect(sockets.length).toBe(2)
    })

    test("follows no redirect", async () => {
      const { url } = await startServer((_, response) => response.writeHead(307, { location: "/x" }).end())
      expect(await (await open())(url, request)).toMatchObject({ status: 307 })
    })

    test("gives up when the time of the request is over, before the answer and in its middle", async () => {
      const fetch = await open()
      const silent = await startServer(() => {})
      await expect(fetch(silent.url, { ...request, timeoutMs: 20 })).rejects.toThrow(/timed out/)
      const slow = await startServer((_, response) => response.writeHead(200).write("a"))
      const response = await fetch(slow.url, { ...request, timeoutMs: 50 })
      await expect(response.text(100)).rejects.toThrow(/timed out/)
    })

    test("never sends what has waited for a connection for too long", async () => {
      const seen: (string | undefined)[] = []
      let answer = () => {}
      const { url } = await startServer((incoming, response) => {
        seen.push(incoming.url)
        answer = () => void response.end("ok")
      })
      const fetch = await open({ connections: 1 })
      const first = fetch(`${url}/first`, request)
      const second = fetch(`${url}/second`, { ...request, timeoutMs: 20 })
      await expect(second).rejects.toThrow(/timed out/)
      answer()
      expect(await (await first).text(100)).toBe("ok")
      const third = fetch(`${url}/third`, request)
      await vi.waitFor(() => expect(seen).toEqual(["/first", "/third"]))
      answer()
      await (await third).text(100)
    })

    test("takes an answer after a 103 as the answer", async () => {
      const { url } = await startServer((_, response) => {
        response.writeEarlyHints({ link: "</x>; rel=preload" })
        response.end("ok")
      })
      const response = await (await open())(url, request)
      expect([response.status, await response.text(100)]).toEqual([200, "ok"])
    })

    test("waits for what is under way when it is closed, and may be closed twice", async () => {
      let answer = () => {}
      const { url } = await startServer((_, response) => {
        answer = () => void response.end("ok")
      })
      const fetch = await open()
      const response = fetch(url, request)
      await vi.waitFor(() => {
        answer()
        if (String(answer) === "() => {}") throw new Error("not yet")
      })
      const closing = [fetch.close(), fetch.close()]
      expect(await (await response).text(100)).toBe("ok")
      await Promise.all(closing)
    })

    test("ends in time behind a proxy that never answers, and so does its close", async () => {
      const silent = createTcpServer(() => {}).listen(0, "127.0.0.1")
      await new Promise(resolve => silent.once("listening", resolve))
      ends.push(() => silent.close())
      const fetch = await open({ proxy: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` })
      const startedAt = Date.now()
      const request100 = { ...request, timeoutMs: 100 }
      await expect(fetch("http://127.0.0.1:9/x", request100)).rejects.toThrow(/timed out/)
      await fetch.close()
      expect(Date.now() - startedAt).toBeLessThan(2_000)
    })

    test("says that it is closed", async () => {
      const fetch = await open()
      await fetch.close()
      await expect(fetch("http://127.0.0.1:9", request)).rejects.toMatchObject({
        code: expect.stringMatching(/^UND_ERR_(CLOSED|DESTROYED)$/),
      })
    })

    test("loses an answer that breaks off", async () => {
      const { url } = await startServer((_, response) => {
        response.writeHead(200, { "content-length": 100 }).write("a")
        setTimeout(() => response.destroy(), 5)
      })
      const response = await (await open())(url, request)
      await expect(response.text(100)).rejects.toThrow()
    })

    test("has time-outs of its own for the headers and for pauses in the body", async () => {
      // undici looks at its clock twice a second.
      const fetch = await open({ headersTimeoutMs: 1, bodyTimeoutMs: 1 })
      const silent = await startServer(() => {})
      await expect(fetch(silent.url, request)).rejects.toMatchObject({ code: "UND_ERR_HEADERS_TIMEOUT" })
      const slow = await startServer((_, response) => response.writeHead(200).write("a"))
      const response = await fetch(slow.url, request)
      await expect(response.text(100)).rejects.toMatchObject({ code: "UND_ERR_BODY_TIMEOUT" })
    })

    test("gives up on a host that takes no connection", async () => {
      const fetch = await open({ connectTimeoutMs: 20 })
      // TEST-NET-1: no host has such an address; a network that says so at once is as good.
      await expect(fetch("http://192.0.2.1:9", request)).rejects.toThrow()
    })

    test("reads an answer without a length to the limit and no further", async () => {
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

    describe("when the server gives up a connection that had served before", () => {
      /** Answers the first request of each connection, and ends the connection on the second one. */
      async function startForgetful(end: (socket: Socket) => void) {
        const served = new WeakMap<Socket, number>()
        let requests = 0
        const server = await startServer((incoming, response) => {
          requests++
          const before = served.get(incoming.socket) ?? 0
          served.set(incoming.socket, before + 1)
          if (before === 0) response.end("ok")
          else end(incoming.socket)
        })
        return { ...server, count: () => requests }
      }

      test.each<[string, (socket: Socket) => void]>([
        ["by a reset", socket => socket.resetAndDestroy()],
        ["by an end", socket => socket.end()],
      ])("sends a idempotent request once more: %s", async (_, end) => {
        const { url, sockets, count } = await startForgetful(end)
        const fetch = await open({ connections: 1 })
        await (await fetch(url, request)).text(100)
        const second = await fetch(url, request)
        expect([second.status, await second.text(100)]).toEqual([200, "ok"])
        expect([sockets.length, count()]).toEqual([2, 3])
      })

      test("does not where sending twice could do more", async () => {
        const { url, count } = await startForgetful(socket => socket.resetAndDestroy())
        const fetch = await open({ connections: 1 })
        await (await fetch(url, request)).text(100)
        await expect(fetch(url, { ...request, idempotent: false })).rejects.toThrow()
        expect(count()).toBe(2)
      })
    })

    test.each(["H", "HTTP/1.1 200 OK\r\ncontent-le"])(
      "does not send again where an answer had begun: %j",
      async begin => {
        let requests = 0
        const { url } = await startServer(({ socket }) => {
          requests++
          socket.write(begin, () => socket.resetAndDestroy())
        })
        await expect((await open())(url, request)).rejects.toThrow()
        expect(requests).toBe(1)
      },
    )

    test("does not send again what a fresh connection has lost", async () => {
      let requests = 0
      const { url } = await startServer(({ socket }) => {
        requests++
        socket.resetAndDestroy()
      })
      await expect((await open())(url, request)).rejects.toThrow()
      expect(requests).toBe(1)
    })

    test("sends again once only", async () => {
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

    describe("with a proxy", () => {
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
          ends.push(() => target.destroy())
        })
        return { url, tunnels }
      }

      test("goes through the one it is given", async () => {
        const { url } = await startServer((_, response) => response.end("ok"))
        const proxy = await startProxy()
        const fetch = await open({ proxy: proxy.url })
        expect(await (await fetch(url, request)).text(100)).toBe("ok")
        expect(proxy.tunnels).toEqual([new URL(url).host])
      })

      test("goes through the environment's only when it is asked to", async () => {
        const { url } = await startServer((_, response) => response.end("ok"))
        const proxy = await startProxy()
        vi.stubEnv("HTTP_PROXY", proxy.url)
        vi.stubEnv("http_proxy", proxy.url)
        vi.stubEnv("NO_PROXY", "")
        vi.stubEnv("no_proxy", "")
        ends.push(() => vi.unstubAllEnvs())
        await (await (await open())(url, request)).text(100)
        expect(proxy.tunnels).toEqual([])
        await (await (await open({ proxy: "environment" }))(url, request)).text(100)
        expect(proxy.tunnels).toEqual([new URL(url).host])
      })
    })
  })
})

test("all mistakes in the options are told at once, and no value", async () => {
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
