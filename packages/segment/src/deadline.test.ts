import dns from "node:dns/promises"
import { afterEach, expect, test, vi } from "vitest"
import { sendBatch, sendEvent } from "./testing/send.ts"
import { type Answer, withServer } from "./testing/server.ts"

afterEach(() => {
  vi.restoreAllMocks()
})

const toEvents = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    messageId: `m${index}`,
    timestamp: "2026-11-22T06:13:12.535Z",
    type: "page",
  }))
const [event] = toEvents(1) as [object]

/** A clock that a test moves. */
function stopClock(): { nowMs: number } {
  const clock = { nowMs: 0 }
  vi.spyOn(performance, "now").mockImplementation(() => clock.nowMs)
  return clock
}

test("A call ends at its deadline, and the events without an outcome fail with status 503", async () => {
  const clock = stopClock()
  let requests = 0
  const answer: Answer = (_, response) => {
    requests++
    clock.nowMs += 1_000
    response.end(JSON.stringify({ lastInsertId: 0, rowsAffected: 1 }))
  }
  const responses = await withServer(answer, settings =>
    sendBatch(settings, toEvents(40), { timeoutMs: 5_000, mapping: { max_batch_size: 1 } }),
  )
  // Three more requests may be in flight at the deadline.
  expect(requests).toBeGreaterThanOrEqual(5)
  expect(requests).toBeLessThanOrEqual(8)
  expect(responses.filter(({ status }) => status === 200)).toHaveLength(requests)
  expect(responses.at(-1)).toMatchObject({ status: 503, body: "deadline_exceeded" })
})

test("The search for bad rows ends at the deadline, and rejects only events that it found", async () => {
  const clock = stopClock()
  const bad = new Set(["m37", "m211", "m212"])
  const answer: Answer = ({ args }, response) => {
    clock.nowMs += 700
    if (args.some(value => bad.has(String(value))))
      response.writeHead(400).end("Error 1366 (HY000): Incorrect value")
    else response.end(JSON.stringify({ lastInsertId: 0, rowsAffected: args.length / 11 }))
  }
  const responses = await withServer(answer, settings => sendBatch(settings, toEvents(300)))
  expect(clock.nowMs).toBeLessThanOrEqual(9_000 + 4 * 700)
  expect(new Set(responses.map(({ status }) => status)).has(503)).toBe(true)
  for (const [index, { status, body }] of responses.entries()) {
    if (status === 400) expect(bad).toContain(`m${index}`)
    if (status === 503) expect(body).toBe("deadline_exceeded")
  }
})

test.each<[string, Answer]>([
  ["never answers", () => {}],
  ["never ends its answer", (_, response) => response.writeHead(200).write("{")],
])("A call to a server that %s ends at its deadline", async (_, answer) => {
  await withServer(answer, async settings => {
    const single = sendEvent(settings, event, { timeoutMs: 60 })
    await expect(single).rejects.toMatchObject({ status: 503, code: "TIMEOUT" })
  })
})

test("A call whose host is never looked up ends at its deadline", async () => {
  vi.spyOn(dns, "lookup").mockReturnValue(new Promise(() => {}))
  const settings = { host: "db.example.com", username: "u", password: "p", dbName: "events" }
  const single = sendEvent(settings, event, { timeoutMs: 60, forbidPrivateHosts: true })
  await expect(single).rejects.toMatchObject({ status: 503, code: "DEADLINE_EXCEEDED" })
})
