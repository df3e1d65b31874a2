import { createHmac } from "node:crypto"
import { expect, test } from "vitest"
import { eventOf, send, startReceiver, toBasic, writeKey } from "../testing/receiver.ts"
import { createAuthentication } from "./authentication.ts"

test("The key is accepted as Basic user, bearer token, header, query parameter and member of the body", async () => {
  const { url, rows } = await startReceiver()
  const json = { "content-type": "application/json" }
  const calls = [
    ["", { authorization: toBasic(writeKey) }, {}],
    ["", { authorization: `Bearer ${writeKey}` }, {}],
    ["", { "x-write-key": writeKey }, {}],
    [`?writeKey=${writeKey}`, {}, {}],
    ["", {}, { writeKey }],
  ] as const
  for (const [index, [query, headers, more]] of calls.entries()) {
    const body = JSON.stringify(eventOf(`m${index}`, more))
    const { status } = await send(`${url}/v1/track${query}`, body, { ...json, ...headers })
    expect(status).toBe(200)
  }
  expect(await rows()).toHaveLength(calls.length)
})

test("A missing or wrong key is answered 401, with how to send one", async () => {
  const { url, emulator } = await startReceiver()
  const body = JSON.stringify(eventOf("m1"))
  const missing = await send(`${url}/v1/track`, body, {})
  expect([missing.status, missing.body.code]).toEqual([401, "unauthorized"])
  expect(missing.body.message).toContain("X-Write-Key")
  expect(missing.headers.get("www-authenticate")).toContain("Basic")
  for (const key of ["", "a-write-ke", "a-write-key-", "constructor", "__proto__", "ä".repeat(20_000)]) {
    const wrong = await send(`${url}/v1/track`, JSON.stringify(eventOf("m1", { writeKey: key })), {})
    expect([wrong.status, wrong.body.message]).toEqual([401, "The write key is wrong."])
  }
  const malformed = await send(`${url}/v1/track`, body, { authorization: "Digest abc" })
  expect(malformed.status).toBe(401)
  expect(emulator.requests).toEqual([])
})

test("A wrong key in a header is refused before the body is read", async () => {
  const { url } = await startReceiver()
  const { status } = await send(`${url}/v1/track`, "{ not JSON", { "x-write-key": "wrong" })
  expect(status).toBe(401)
})

test("Each key writes to its table", async () => {
  const writeKeys = { "key-of-the-site": "site", "key-of-the-app": "app" }
  const { url, rows } = await startReceiver({ writeKeys }, { tables: ["site", "app"] })
  await send(`${url}/v1/track`, JSON.stringify(eventOf("m1")), { "x-write-key": "key-of-the-site" })
  await send(`${url}/v1/track`, JSON.stringify(eventOf("m2")), { "x-write-key": "key-of-the-app" })
  expect((await rows("site")).map(row => row.messageId)).toEqual(["m1"])
  expect((await rows("app")).map(row => row.messageId)).toEqual(["m2"])
})

test("A signed body needs no key, and a wrong signature is answered 401", async () => {
  const signingSecret = "a shared secret"
  const { url } = await startReceiver({ signingSecret })
  const body = JSON.stringify(eventOf("m1"))
  const sign = (secret: string) => createHmac("sha1", secret).update(body).digest("hex")
  const good = await send(`${url}/webhook`, body, { "x-signature": sign(signingSecret) })
  expect(good.status).toBe(200)
  const bad = await send(`${url}/webhook`, body, { "x-signature": sign("another secret") })
  expect([bad.status, bad.body.code]).toEqual([401, "unauthorized"])
  const other = await send(`${url}/webhook`, `${body} `, { "x-signature": sign(signingSecret) })
  expect(other.status).toBe(401)
})

test("A batch is accepted with a signature of all of it, or in X-Signature of its first event", async () => {
  const signingSecret = "a shared secret"
  const { url } = await startReceiver({ signingSecret })
  const events = [eventOf("m1"), eventOf("m2")]
  const body = JSON.stringify(events)
  const sign = (content: unknown) =>
    createHmac("sha1", signingSecret).update(JSON.stringify(content)).digest("hex")
  const calls = [
    ["x-segment-signature", sign(events), 200],
    ["x-segment-signature", sign(events[0]), 401],
    ["x-signature", sign(events), 200],
    ["x-signature", sign(events[0]), 200],
    ["x-signature", sign(events[1]), 401],
    ["x-signature", "", 401],
  ] as const
  for (const [header, signature, status] of calls) {
    expect((await send(`${url}/webhook`, body, { [header]: signature })).status).toBe(status)
  }
})

test("A signature is no proof if no secret is configured", async () => {
  const { url } = await startReceiver()
  const { status } = await send(`${url}/webhook`, JSON.stringify(eventOf("m1")), { "x-signature": "abc" })
  expect(status).toBe(401)
})

test("A caller has a name that is not its key", () => {
  const { id } = createAuthentication({ writeKeys: [writeKey] }).findCaller(writeKey)
  expect(id).toMatch(/^[\da-f]{8}$/)
})
