import type { Schema } from "@singlesink/core"
import { expect, test } from "vitest"
import { eventOf, send, startReceiver } from "../testing/receiver.ts"
import { createLiveHub } from "./hub.ts"
import { maskValues } from "./mask.ts"
import type { LiveSnapshot } from "./protocol.ts"

const key = "a-key-of-the-live-page"

/** Opens a session and returns its cookie. */
async function login(url: string): Promise<string> {
  const response = await fetch(`${url}/live/session`, {
    method: "POST",
    body: JSON.stringify({ key }),
    headers: { "content-type": "application/json" },
  })
  expect(response.status).toBe(200)
  const cookie = response.headers.get("set-cookie") ?? ""
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
  return cookie.split(";")[0] as string
}

/** Reads the first messages of a stream. */
async function readStream(
  url: string,
  cookie: string,
  count: number,
): Promise<{ event: string; data: unknown }[]> {
  const controller = new AbortController()
  const response = await fetch(`${url}/live/stream`, { headers: { cookie }, signal: controller.signal })
  expect(response.headers.get("content-type")).toContain("text/event-stream")
  const messages: { event: string; data: unknown }[] = []
  let text = ""
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString()
    const parts = text.split("\n\n")
    text = parts.pop() as string
    for (const part of parts) {
      const [event, data] = part.split("\n").map(line => line.slice(line.indexOf(": ") + 2))
      messages.push({ event: event as string, data: JSON.parse(data as string) })
    }
    if (messages.length >= count) break
  }
  controller.abort()
  return messages
}

test("The stream starts with a snapshot of events, problems and violations, and continues with updates", async () => {
  const validate = {
    "Signed Up": {
      "~standard": {
        version: 1 as const,
        validate: (value: unknown) =>
          "properties" in Object(value)
            ? { value }
            : { issues: [{ message: "missing", path: ["properties", { key: "plan" }] }] },
      },
    },
  }
  const { url, post } = await startReceiver({ live: { key }, validate, onViolation: "observe" })
  await post("/v1/batch", { batch: [eventOf("m1", { properties: {} }), eventOf("m2", { timestamp: "no" })] })
  const cookie = await login(url)
  const [first, second] = await readStream(url, cookie, 2)
  const snapshot = first?.data as LiveSnapshot
  expect(first?.event).toBe("snapshot")
  expect(snapshot.totals).toEqual({ stored: 1, rejected: 1, failed: 0, pending: 0 })
  expect(snapshot.events).toMatchObject([
    { type: "track", name: "Signed Up", outcome: "stored", table: "segment_data" },
    { outcome: "rejected", code: "invalid_timestamp" },
  ])
  expect(snapshot.problems).toMatchObject([{ code: "invalid_timestamp", column: "timestamp", count: 1 }])
  expect(snapshot.violations).toMatchObject([{ event: "Signed Up", paths: ["properties.plan"], count: 1 }])
  expect(JSON.stringify(snapshot)).not.toContain("u1")
  expect(second?.event).toBe("update")
})

test("An event is shown in full with its values masked, unless values are shown", async () => {
  for (const showValues of [false, true]) {
    const { url, post } = await startReceiver({ live: { key, showValues } })
    await post("/v1/track", eventOf("m1", { properties: { email: "a@example.com", seats: 3, tags: [null] } }))
    const cookie = await login(url)
    const { event } = (await (await fetch(`${url}/live/events/1`, { headers: { cookie } })).json()) as {
      event: { properties: object }
    }
    expect(event.properties).toEqual(
      showValues
        ? { email: "a@example.com", seats: 3, tags: [null] }
        : { email: "string of 13", seats: "number", tags: [null] },
    )
  }
})

test("Without the key or a session nothing of the live page answers, and it is off by default", async () => {
  const { url } = await startReceiver({ live: { key } })
  const headers = { "content-type": "application/json" }
  const wrong = await send(
    `${url}/live/session`,
    JSON.stringify({ key: "a-write-key-that-is-wrong" }),
    headers,
  )
  expect([wrong.status, wrong.body.code]).toEqual([401, "locked"])
  for (const path of ["/live/stream", "/live/events/1"]) {
    const response = await fetch(url + path, { headers: { cookie: "singlesink_live=guess" } })
    expect(response.status).toBe(401)
    // With it a browser asks for a password.
    expect(response.headers.get("www-authenticate")).toBeNull()
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'")
  }
  const { url: other } = await startReceiver()
  expect((await fetch(`${other}/live`)).status).toBe(404)
})

test("A hub that gets more events than a page can show sends a sample, and counts all", () => {
  const hub = createLiveHub(false, () => 0)
  const stored = { status: "stored" } as const
  for (let index = 0; index < 10_000; index++) hub.note([eventOf(`m${index}`)], [stored], "segment_data", 5)
  const { events, skipped, totals } = hub.takeUpdate()
  expect(events.length).toBeLessThanOrEqual(25)
  expect(events.length + skipped).toBe(10_000)
  expect(totals.stored).toBe(10_000)
})

test("The violations of an event list the paths of all of them", () => {
  const hub = createLiveHub(false, () => 0)
  const schema = hub.watch({
    "~standard": {
      version: 1 as const,
      validate: value => ({ issues: [{ message: "wrong", path: [(value as { path: string }).path] }] }),
    },
  }) as Schema
  for (const path of ["plan", "seats", "plan"]) {
    schema["~standard"].validate({ type: "track", event: "Signed Up", path })
  }
  expect(hub.snapshot().violations).toMatchObject([
    { event: "Signed Up", paths: ["plan", "seats"], count: 3 },
  ])
})

test("A large event is listed, but not kept, so that the memory of the sample is bounded", () => {
  const hub = createLiveHub(true, () => 0)
  const stored = { status: "stored" } as const
  const large = [
    { properties: { text: "x".repeat(1_000_000) } },
    { properties: Array(1_000_000).fill(0) },
    { properties: JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`) },
    { ["k".repeat(1_000_000)]: 1 },
  ]
  for (const more of large) hub.note([eventOf("m1", more)], [stored], "segment_data", 5)
  hub.note([eventOf("m2", { properties: { text: "x".repeat(10_000) } })], [stored], "segment_data", 5)
  expect(hub.snapshot().events).toHaveLength(5)
  expect([1, 2, 3, 4].map(id => hub.find(id))).toEqual(large.map(() => ({ event: undefined })))
  expect(hub.find(5)?.event).toMatchObject({ messageId: "m2" })
})

test("Masking a deep or wide value ends, and keeps keys such as __proto__", () => {
  const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)
  expect(JSON.stringify(maskValues(deep)).length).toBeLessThan(100)
  expect(maskValues({ sentAt: undefined, at: 1 })).toEqual({ at: "number" })
  expect(JSON.stringify(maskValues(JSON.parse('{"__proto__":1}')))).toBe('{"__proto__":"number"}')
  expect((maskValues(Array(1_000_000).fill(1)) as unknown[]).length).toBe(100)
})
