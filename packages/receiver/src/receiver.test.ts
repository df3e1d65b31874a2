import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { describeHost } from "@singlesink/conformance"
import { createDataApi } from "@singlesink/data-api"
import { describe, expect, onTestFinished, test } from "vitest"
import { createReceiver } from "./receiver.ts"
import { eventOf, send, startReceiver, toBasic, writeKey } from "./testing/receiver.ts"

const invalid = { timestamp: "yesterday" }

describe("answers", () => {
  test("An event is in the table when its call is answered 200", async () => {
    const { post, rows } = await startReceiver()
    const { status, body, headers } = await post("/v1/track", eventOf("m1", { properties: { plan: "pro" } }))
    expect([status, body]).toEqual([200, { success: true }])
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(await rows()).toMatchObject([{ messageId: "m1", type: "track", properties: { plan: "pro" } }])
  })

  test("A batch with a rejected event is answered 200 with the list, and the rest is stored", async () => {
    const { post, rows } = await startReceiver()
    const batch = [eventOf("m1"), eventOf("m2", invalid), 7, eventOf("m3")]
    const { status, body } = await post("/v1/batch", { batch })
    expect([status, body.success]).toEqual([200, true])
    expect(body.rejected).toMatchObject([
      { index: 1, code: "invalid_timestamp", column: "timestamp" },
      { index: 2, code: "not_an_event" },
    ])
    expect(JSON.stringify(body)).not.toContain("yesterday")
    expect((await rows()).map(row => row.messageId)).toEqual(["m1", "m3"])
  })

  test("A call whose events are all rejected is answered 400", async () => {
    const { post } = await startReceiver()
    const { status, body } = await post("/webhook", eventOf("m1", invalid))
    expect([status, body.success, body.rejected?.[0]?.code]).toEqual([400, false, "invalid_timestamp"])
  })

  test("A failed event makes the call 503 with Retry-After, and the repeat stores each event once", async () => {
    const { post, emulator, rows } = await startReceiver({ answerTimeoutMs: 500 })
    emulator.injectFault({ kind: "disconnect", after: "commit", times: "always" })
    const batch = [eventOf("m1"), eventOf("m2", invalid)]
    const { status, headers, body } = await post("/v1/batch", { batch })
    expect([status, headers.get("retry-after"), body.success]).toEqual([503, "1", false])
    // On a slow machine the answer may be due before the sink gives up. Then the invalid event is listed too.
    expect(body.failed?.[0]).toMatchObject({ index: 0 })
    emulator.clearFaults()
    expect((await post("/v1/batch", { batch })).status).toBe(200)
    expect(await rows()).toHaveLength(1)
  })

  test("A database that does not answer makes the call 503 in time", async () => {
    const { post, emulator } = await startReceiver({ answerTimeoutMs: 300 })
    emulator.injectFault({ kind: "hang", times: "always", milliseconds: 2_000 })
    const startedAt = performance.now()
    const { status, body } = await post("/v1/track", eventOf("m1"))
    expect([status, body.failed?.[0]?.code]).toEqual([503, "deadline_exceeded"])
    expect(performance.now() - startedAt).toBeLessThan(1_500)
  })

  test("A configuration error makes the call 503 with a longer Retry-After, and /ready red", async () => {
    const { post, url, emulator } = await startReceiver({}, { tables: [] })
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    const { status, headers, body } = await post("/v1/track", eventOf("m1"))
    expect([status, headers.get("retry-after")]).toEqual([503, "30"])
    expect(body.failed?.[0]?.code).toBe("unknown_table")
    const ready = await fetch(`${url}/ready`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ status: "not_ready", code: "unknown_table" })
    await emulator.close()
  })

  test("A call above the limit of pending events is answered 413 or 503", async () => {
    const { post, emulator } = await startReceiver({ maxPendingEvents: 2, answerTimeoutMs: 1_000 })
    const large = await post("/v1/batch", { batch: [eventOf("m1"), eventOf("m2"), eventOf("m3")] })
    expect([large.status, large.body.code]).toEqual([413, "too_many_events"])
    emulator.injectFault({ kind: "delay", part: "headers", milliseconds: 300, times: "always" })
    const first = post("/v1/batch", { batch: [eventOf("m1"), eventOf("m2")] })
    await expect.poll(() => emulator.requests.length).toBeGreaterThan(0)
    const second = await post("/v1/track", eventOf("m3"))
    expect([second.status, second.body.code, second.headers.get("retry-after")]).toEqual([
      503,
      "overloaded",
      "1",
    ])
    expect((await first).status).toBe(200)
  })

  test("A call that writes to a closing receiver is answered 503", async () => {
    const { post, app, emulator } = await startReceiver({ shutdownTimeoutMs: 1_200 })
    emulator.injectFault({ kind: "hang", times: "always", milliseconds: 5_000 })
    const call = post("/v1/track", eventOf("m1"))
    await expect.poll(() => emulator.requests.length).toBeGreaterThan(0)
    await app.close()
    const { status, body } = await call
    expect([status, body.failed?.[0]?.code]).toEqual([503, "closed"])
  })

  test("close() stores what has arrived", async () => {
    const { post, app, emulator, rows } = await startReceiver()
    emulator.injectFault({ kind: "delay", part: "headers", milliseconds: 200, times: "always" })
    const calls = ["m1", "m2", "m3"].map(id => post("/v1/track", eventOf(id)))
    await expect.poll(() => emulator.requests.length).toBeGreaterThan(0)
    await app.close()
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await rows()).toHaveLength(3)
  })
})

describe("bodies", () => {
  test("A body in gzip, deflate or br is accepted, whatever its content type", async () => {
    const { url, rows } = await startReceiver()
    const headers = { authorization: toBasic(writeKey), "content-type": "text/plain;charset=UTF-8" }
    const body = JSON.stringify({ batch: [eventOf("m1"), eventOf("m2")] })
    expect((await send(`${url}/v1/batch`, body, headers)).status).toBe(200)
    const zipped = new Uint8Array(gzipSync(JSON.stringify({ batch: [eventOf("m3")] })))
    expect((await send(`${url}/v1/batch`, zipped, { ...headers, "content-encoding": "gzip" })).status).toBe(
      200,
    )
    expect(await rows()).toHaveLength(3)
  })

  test("A body that expands beyond the limit is answered 413 with the limit", async () => {
    const { url } = await startReceiver({ maxBodyBytes: 10_000 })
    const headers = { authorization: toBasic(writeKey), "content-encoding": "gzip" }
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(1_000_000, 0x20)))
    const { status, body } = await send(`${url}/v1/batch`, bomb, headers)
    expect([status, body.code]).toEqual([413, "body_too_large"])
    expect(body.message).toContain("10000 bytes")
    const plain = await send(`${url}/v1/batch`, "x".repeat(10_001), { authorization: toBasic(writeKey) })
    expect([plain.status, plain.body.code]).toEqual([413, "body_too_large"])
  })

  test.each([
    ["", 400, "empty"],
    ["{", 400, "not valid JSON"],
    ['{"secret value": nope}', 400, "not valid JSON"],
    [new Uint8Array([0x22, 0xff, 0x22]), 400, "UTF-8"],
    ["[]", 400, "must be a JSON object"],
    ["{}", 400, "`batch` must be an array"],
    ['{"batch":[]}', 400, "must not be empty"],
    ['{"batch":7,"context":3,"sentAt":{}}', 400, "`sentAt` must be a string; `context` must be an object"],
  ])("The body %j of a batch is answered %i with all mistakes", async (body, status, message) => {
    const { url } = await startReceiver()
    const answer = await send(`${url}/v1/batch`, body, { authorization: toBasic(writeKey) })
    expect(answer.status).toBe(status)
    expect(answer.body.message).toContain(message)
    expect(answer.body.message).not.toContain("nope")
  })

  test("An unknown encoding is answered 415, and broken gzip 400", async () => {
    const { url } = await startReceiver()
    const headers = { authorization: toBasic(writeKey) }
    const unknown = await send(`${url}/v1/track`, "{}", { ...headers, "content-encoding": "zstd" })
    expect([unknown.status, unknown.body.code]).toEqual([415, "unsupported_encoding"])
    const broken = await send(`${url}/v1/track`, "{}", { ...headers, "content-encoding": "gzip" })
    expect([broken.status, broken.body.code]).toEqual([400, "invalid_body"])
  })
})

describe("dead letters", () => {
  test("Rejected events are in the dead-letter file before their call is answered", async () => {
    const folder = await mkdtemp(join(tmpdir(), "receiver-"))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, "dead-letters.ndjson")
    const { post } = await startReceiver({ deadLetters: path })
    await Promise.all([
      post("/v1/batch", { batch: [eventOf("m1"), eventOf("m2", invalid), "text"] }),
      post("/webhook", eventOf("m3", invalid)),
    ])
    const lines = (await readFile(path, "utf8")).trim().split("\n")
    const letters = lines.map(line => JSON.parse(line))
    expect(letters).toHaveLength(3)
    expect(letters.find(({ event }) => event?.messageId === "m2")).toMatchObject({
      source: "/v1/batch",
      code: "invalid_timestamp",
      column: "timestamp",
      attempts: 1,
    })
    expect(letters.find(({ text }) => text !== undefined)).toMatchObject({
      text: '"text"',
      code: "not_an_event",
    })
  })

  test("A call whose dead letters cannot be written is answered 503", async () => {
    const { post } = await startReceiver({ deadLetters: "/dev/full" })
    const { status, body } = await post("/v1/track", eventOf("m1", invalid))
    expect([status, body.code]).toEqual([503, "dead_letters_unavailable"])
    expect(body.message).toContain("the disk is full")
  })
})

describe("health", () => {
  test("/health answers while the database is away, and /ready says why it is not ready", async () => {
    const { url, emulator } = await startReceiver()
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: "ready" })
    await emulator.close()
    await expect.poll(async () => (await fetch(`${url}/ready`)).status, { timeout: 5_000 }).toBe(503)
    expect(await (await fetch(`${url}/ready`)).json()).toMatchObject({ code: "connection_failed" })
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  test("/metrics counts events by outcome, batches, bytes and calls", async () => {
    const { url, post } = await startReceiver()
    await post("/v1/batch", { batch: [eventOf("m1"), eventOf("m2"), eventOf("m3", invalid)] })
    await post("/v1/batch", { batch: [eventOf("m1")] })
    const text = await (await fetch(`${url}/metrics`)).text()
    expect(text).toContain('singlesink_events_total{table="segment_data",outcome="stored"} 3')
    expect(text).toContain('singlesink_events_total{table="segment_data",outcome="rejected"} 1')
    expect(text).toContain('singlesink_duplicates_total{table="segment_data"} 1')
    expect(text).toContain('singlesink_batches_total{table="segment_data",reason="write_batch"} 2')
    expect(text).toMatch(/singlesink_sent_bytes_total\{table="segment_data"\} [1-9]/)
    expect(text).toMatch(
      /http_server_request_duration_seconds_count\{http_route="\/v1\/batch",http_request_method="POST",http_response_status_code="200"\} 2/,
    )
    expect(text).toContain('singlesink_commit_duration_seconds_count{table="segment_data"} 2')
    expect(text).toContain("singlesink_requests_in_flight 0")
  })
})

test("createReceiver throws one error with every mistake, and without the keys", () => {
  const options = { writeKeys: ["short"], maxBodyBytes: 0, live: { key: "tiny" }, port: 1 }
  expect(() => createReceiver(options as never)).toThrow(
    expect.objectContaining({
      code: "invalid_options",
      message: expect.stringMatching(
        /`database` must be the result of createDataApi.*`writeKeys` must have at least 8 characters.*`maxBodyBytes` must be at least 1.*`live.key` must have at least 16 characters.*Unknown option `port`/,
      ),
    }),
  )
  try {
    createReceiver(options as never)
  } catch (error) {
    expect((error as Error).message).not.toMatch(/short|tiny/)
  }
})

describeHost("receiver", async ({ table, ...server }) => {
  const app = createReceiver({ database: createDataApi(server), table, writeKeys: [writeKey] })
  const url = await app.listen({ port: 0, host: "127.0.0.1" })
  return {
    async deliver(events) {
      const headers = { authorization: toBasic(writeKey) }
      const { body } = await send(`${url}/webhook`, JSON.stringify(events), headers)
      const outcomes = events.map(() => "stored" as "stored" | "rejected" | "failed")
      for (const { index } of body.rejected ?? []) outcomes[index] = "rejected"
      for (const { index } of body.failed ?? []) outcomes[index] = "failed"
      return outcomes
    },
    close: () => app.close(),
  }
})
