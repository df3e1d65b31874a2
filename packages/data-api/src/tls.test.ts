import { createServer } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { type Emulator, startEmulator, type TlsOption } from "@singlesink/emulator"
import { afterEach, describe, expect, test } from "vitest"
import { createDataApi } from "./data-api.ts"
import { type UndiciFetchOptions, undiciFetch } from "./undici/undici.ts"

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(tls?: TlsOption): Promise<Emulator> {
  const emulator = await startEmulator(tls === undefined ? {} : { tls })
  cleanups.push(() => emulator.close())
  return emulator
}

function ping(url: string, tls: UndiciFetchOptions["tls"]): Promise<void> {
  const fetch = undiciFetch({ tls })
  cleanups.push(() => fetch.close())
  return createDataApi({ url, username: "root", password: "", database: "events", fetch }).ping()
}

test("undiciFetch trusts a server certificate that the configured CA signed", async () => {
  const { url, tls } = await start("trusted")
  await expect(ping(url, { ca: tls?.ca })).resolves.toBeUndefined()
})

test("The CA and the client certificate apply to the server behind a proxy", async () => {
  const { url, tls } = await start({ certificate: "trusted", clientCertificate: "required" })
  const tunnels: string[] = []
  const proxy = createServer().on("connect", (incoming, socket) => {
    tunnels.push(incoming.url ?? "")
    const target = connect(Number(new URL(url).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n")
      target.pipe(socket).pipe(target)
    })
    for (const connection of [target, socket]) connection.on("error", () => {})
    cleanups.push(async () => void target.destroy())
  })
  await new Promise<void>(resolve => proxy.listen(0, "127.0.0.1", resolve))
  cleanups.push(async () => void proxy.close())
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const fetch = undiciFetch({ proxy: address, tls: { ca: tls?.ca, ...tls?.client } })
  cleanups.push(() => fetch.close())
  await createDataApi({ url, username: "root", password: "", database: "events", fetch }).ping()
  expect(tunnels).toEqual([new URL(url).host])
})

describe("untrusted certificates", () => {
  test.each<[TlsOption & string, boolean, string]>([
    ["trusted", false, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["self_signed", true, "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["expired", true, "CERT_HAS_EXPIRED"],
    ["wrong_name", true, "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])(
    "A certificate of the kind %s (CA configured: %s) is rejected with a ConfigError",
    async (kind, isTrusted, systemCode) => {
      const { url, tls } = await start(kind)
      const error = await ping(url, isTrusted ? { ca: tls?.ca } : {}).catch(error => error)
      expect(error).toMatchObject({ name: "ConfigError", code: "untrusted_certificate" })
      expect(error.message).toContain(`${url} (${systemCode})`)
    },
  )
})

describe("client certificates", () => {
  test("A server that requires a client certificate accepts the configured one", async () => {
    const { url, tls } = await start({ certificate: "trusted", clientCertificate: "required" })
    await expect(ping(url, { ca: tls?.ca, ...tls?.client })).resolves.toBeUndefined()
  })

  // The server only closes the connection, so the cause stays unknown to the client.
  test("A missing client certificate is reported as a lost connection", async () => {
    const { url, tls } = await start({ certificate: "trusted", clientCertificate: "required" })
    await expect(ping(url, { ca: tls?.ca })).rejects.toMatchObject({ code: "connection_lost" })
  })
})

test("An https request to a plain http port is reported as a failed TLS handshake", async () => {
  const { port } = await start()
  await expect(ping(`https://127.0.0.1:${port}`, {})).rejects.toMatchObject({
    name: "ConfigError",
    code: "tls_handshake_failed",
  })
})
