import { setTimeout as wait } from "node:timers/promises"
import { expect, test } from "vitest"
import type { Settings } from "./index.ts"
import { sendBatch, sendEvent } from "./testing/send.ts"
import { type Answer, startServer } from "./testing/server.ts"

const events = Array.from({ length: 40 }, (_, index) => ({
  messageId: `m${index}`,
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "page",
}))
const stored = JSON.stringify({ lastInsertId: 0, rowsAffected: 1 })

async function withServer<Result>(answer: Answer, run: (settings: Settings) => Promise<Result>) {
  const server = await startServer(answer)
  try {
    return await run(server.settings)
  } finally {
    server.close()
  }
}

test("A call ends at its deadline, and the events without an outcome fail with status 503", async () => {
  let requests = 0
  const answer: Answer = async (_, response) => {
    requests++
    await wait(60)
    response.end(stored)
  }
  const responses = await withServer(answer, settings =>
    sendBatch(settings, events, { timeoutMs: 100, mapping: { max_batch_size: 1 } }),
  )
  expect(requests).toBeLessThan(20)
  expect(responses.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
  expect(responses.at(-1)).toMatchObject({ status: 503, body: "deadline_exceeded" })
})

test.each<[string, Answer]>([
  ["never answers", () => {}],
  ["never ends its answer", (_, response) => response.writeHead(200).write("{")],
])("A call to a server that %s ends at its deadline", async (_, answer) => {
  const startedAt = performance.now()
  await withServer(answer, async settings => {
    const single = sendEvent(settings, events[0] ?? {}, { timeoutMs: 60 })
    await expect(single).rejects.toMatchObject({ status: 503, code: "TIMEOUT" })
  })
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})

test("The search for bad rows ends at the deadline, and rejects no event that it did not find", async () => {
  const answer: Answer = async ({ args }, response) => {
    await wait(30)
    if (args.includes("m7"))
      response.writeHead(400).end("Error 1366 (HY000): Incorrect value for column 'name'")
    else response.end(JSON.stringify({ lastInsertId: 0, rowsAffected: args.length / 11 }))
  }
  const responses = await withServer(answer, settings => sendBatch(settings, events, { timeoutMs: 75 }))
  expect(responses.map(({ status }) => status)).not.toContain(400)
  expect(responses).toHaveLength(40)
})
