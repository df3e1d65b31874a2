import { request } from "node:https"
import { connect } from "node:net"
import { expect, test } from "vitest"
import { authorization, startClient } from "../testing/client.ts"
import type { TlsOption } from "./tls.ts"

const table = "CREATE TABLE t (id INT)"

/** The status of an INSERT over TLS, or the code of the error. */
function insert(url: string, trust: { ca?: string; cert?: string; key?: string }): Promise<unknown> {
  const headers = { authorization, "content-type": "application/json" }
  const sql = "INSERT INTO t VALUES (1)"
  return new Promise(resolve => {
    const sent = request(
      `${url}/api/v2/exec`,
      { method: "POST", headers, agent: false, ...trust },
      answer => {
        answer.resume().once("end", () => resolve(answer.statusCode))
      },
    )
    sent.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code))
    sent.end(JSON.stringify({ sql, database: "events" }))
  })
}

async function start(tls: TlsOption, host = "127.0.0.1") {
  const { emulator } = await startClient({ tls, host })
  await emulator.exec(table)
  if (emulator.tls === undefined) throw new Error("TLS is missing")
  return { emulator, url: emulator.url, ...emulator.tls, rows: () => emulator.query("SELECT * FROM t") }
}

test.each(["127.0.0.1", "localhost"])(
  "A client that trusts the authority reaches %s over HTTPS",
  async host => {
    const { url, ca, rows } = await start("trusted", host)
    expect(url).toMatch(/^https:/)
    expect(await insert(url, { ca })).toBe(200)
    expect(await insert(url.replace(host, "localhost"), { ca })).toBe(200)
    expect(await insert(url, {})).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE")
    expect(await rows()).toHaveLength(2)
  },
)

test.each([
  ["self_signed", "DEPTH_ZERO_SELF_SIGNED_CERT"],
  ["expired", "CERT_HAS_EXPIRED"],
  ["wrong_name", "ERR_TLS_CERT_ALTNAME_INVALID"],
] as const)("A certificate that is %s has only that defect", async (kind, code) => {
  const { url, ca, rows } = await start(kind)
  expect(await insert(url, { ca })).toBe(code)
  expect(await rows()).toEqual([])
})

test("A required client certificate must come from the authority", async () => {
  const { url, ca, client, rows } = await start({ certificate: "trusted", clientCertificate: "required" })
  expect(await insert(url, { ca })).toMatch(/^(ERR_SSL_.*ALERT_CERTIFICATE_REQUIRED|ECONNRESET|EPIPE)$/)
  expect(await insert(url, { ca, ...client })).toBe(200)
  expect(await rows()).toHaveLength(1)
})

test("Faults work over TLS, and a redirect leads to HTTPS", async () => {
  const { emulator, url, ca, rows } = await start("trusted")
  await emulator.injectFault({ kind: "reset", at: "commit" })
  expect(await insert(url, { ca })).toBe("ECONNRESET")
  await emulator.injectFault({ kind: "respond", status: 302 })
  expect(await insert(url, { ca })).toBe(302)
  expect(await rows()).toHaveLength(1)
})

test("close does not wait for a connection without a TLS handshake", async () => {
  const { emulator } = await start("trusted")
  const socket = connect(emulator.port, emulator.host)
  const closed = new Promise(resolve => socket.once("close", resolve))
  await new Promise(resolve => socket.once("connect", resolve))
  await emulator.close()
  socket.resume()
  await closed
})

test("The emulator serves plain HTTP by default, and refuses an unknown kind of certificate", async () => {
  const { emulator } = await startClient()
  expect([emulator.tls, emulator.url.slice(0, 5)]).toEqual([undefined, "http:"])
  await expect(startClient({ tls: "bogus" as TlsOption })).rejects.toThrow(
    '`tls` must be one of trusted, self_signed, expired, wrong_name, not "bogus".',
  )
})
