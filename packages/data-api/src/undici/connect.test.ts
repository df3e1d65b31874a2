import { spawn } from "node:child_process"
import dns from "node:dns"
import { once } from "node:events"
import { createServer } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"
import { gzipSync } from "node:zlib"
import { afterEach, describe, expect, test, vi } from "vitest"
import { createDataApi } from "../data-api.ts"
import { undiciFetch } from "./undici.ts"

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  vi.restoreAllMocks()
})

/** Starts a Data API that answers every statement, and returns its port. */
async function startServer(
  headers: Record<string, string> = {},
  encode = (text: string): string | Buffer => text,
) {
  const accepted: (string | undefined)[] = []
  const server = createServer((request, response) => {
    accepted.push(request.headers["accept-encoding"] as string | undefined)
    request.resume().on("end", () => {
      response.writeHead(200, headers)
      response.end(encode('{"lastInsertId":0,"rowsAffected":1}'))
    })
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  cleanups.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, accepted }
}

/** Occupies a port of another loopback address so that connections to it are neither accepted nor refused. */
async function startStuckServer(host: string, port: number): Promise<void> {
  const code = `require("net").createServer().listen({ host: ${JSON.stringify(host)}, port: ${port}, backlog: 1 }, () => console.log("up"))`
  const child = spawn(process.execPath, ["-e", code])
  cleanups.push(() => child.kill("SIGKILL"))
  await once(child.stdout, "data")
  child.kill("SIGSTOP")
  const sockets: Socket[] = []
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
  })
  // They fill the queue of connections that wait to be accepted.
  for (let index = 0; index < 4; index++) sockets.push(connect({ host, port }).on("error", () => {}))
  await new Promise(resolve => setTimeout(resolve, 50))
}

/** Lets a name resolve to these addresses. */
function resolveTo(...addresses: string[]): void {
  const list = addresses.map(address => ({ address, family: 4 }))
  vi.spyOn(dns, "lookup").mockImplementation(((
    _: string,
    __: object,
    callback: (...args: unknown[]) => void,
  ) => callback(null, list)) as never)
}

const open = (port: number, connectTimeoutMs: number) => {
  const fetch = undiciFetch({ connectTimeoutMs })
  cleanups.push(() => fetch.close())
  const url = `http://db.example.com:${port}`
  return createDataApi({
    url,
    allowInsecure: true,
    username: "u",
    password: "p",
    database: "d",
    fetch,
    timeoutMs: 9_000,
  })
}

describe("a name with several addresses", () => {
  test("A statement reaches the second address if the first one does not answer", async () => {
    const { port } = await startServer()
    await startStuckServer("127.0.0.2", port)
    resolveTo("127.0.0.2", "127.0.0.1")
    await expect(open(port, 2_000).exec("SELECT 1")).resolves.toMatchObject({ rowsAffected: 1 })
  })

  test("A name whose addresses do not answer fails after connectTimeoutMs, and nothing may have been executed", async () => {
    const { port } = await startServer()
    await startStuckServer("127.0.0.2", port)
    await startStuckServer("127.0.0.3", port)
    resolveTo("127.0.0.2", "127.0.0.3")
    const startedAt = performance.now()
    const error = await open(port, 600)
      .exec("SELECT 1")
      .catch(error => error)
    expect(error).toMatchObject({ name: "DeliveryError", code: "connection_failed", ambiguous: false })
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  test("A name whose addresses refuse the connection fails without ambiguity", async () => {
    resolveTo("127.0.0.2", "127.0.0.3")
    const error = await open(1, 600)
      .exec("SELECT 1")
      .catch(error => error)
    expect(error).toMatchObject({ name: "DeliveryError", code: "connection_failed", ambiguous: false })
  })
})

describe("publicHostsOnly", () => {
  test.each(["http://127.0.0.1", "http://[::1]", "http://0x7f.1", "http://localhost"])(
    "A statement is not sent to %s",
    async url => {
      const { port } = await startServer()
      const fetch = undiciFetch({ publicHostsOnly: true })
      cleanups.push(() => fetch.close())
      const api = createDataApi({
        url: `${url}:${port}`,
        allowInsecure: true,
        username: "u",
        password: "p",
        database: "d",
        fetch,
      })
      await expect(api.exec("SELECT 1")).rejects.toMatchObject({ name: "ConfigError", code: "private_host" })
    },
  )

  test("publicHostsOnly cannot be combined with a proxy", () => {
    expect(() => undiciFetch({ publicHostsOnly: true, proxy: "http://proxy.example.com" })).toThrow(
      "`publicHostsOnly` must be",
    )
  })
})

test.each<[string, (text: string) => string | Buffer]>([
  ["gzip", text => gzipSync(text)],
  ["identity", text => text],
])(
  "A response with the content encoding %s is understood, although only identity was accepted",
  async (encoding, encode) => {
    const { port, accepted } = await startServer({ "content-encoding": encoding }, encode)
    resolveTo("127.0.0.1")
    await expect(open(port, 1_000).exec("SELECT 1")).resolves.toMatchObject({ rowsAffected: 1 })
    expect(accepted).toEqual(["identity"])
  },
)

test("A compressed response that is too large after decompression is truncated", async () => {
  const { port } = await startServer({ "content-encoding": "gzip" }, () => gzipSync("x".repeat(5_000_000)))
  resolveTo("127.0.0.1")
  await expect(open(port, 1_000).exec("SELECT 1")).rejects.toMatchObject({ code: "not_from_database" })
})
