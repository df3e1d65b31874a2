import type { FullContext, JitsuFunction } from "@jitsu/protocols/functions"
import singlestore from "../../src/functions/singlestore"

/** The function that Jitsu calls. */
const send: JitsuFunction = singlestore

const event = {
  messageId: "m1",
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
  event: "Signed Up",
} as const

/** The parts of Jitsu's context that the function uses. The Data API gives the same answer to every request. */
function createContext(status: number, text: string) {
  const requests: { url: string; body: string }[] = []
  const ctx = {
    // The `functionsEnv` of the connection.
    props: { url: "https://db.example.com", username: "jitsu", password: "secret", database: "events" },
    log: { error: () => {} },
    fetch: async (url: string, { body }: { body: string }) => {
      requests.push({ url, body })
      return { status, headers: {}, text: async () => text }
    },
  } as unknown as FullContext
  return { ctx, requests }
}

const stored = '{"lastInsertId":0,"rowsAffected":1}'

test("An event is stored by one request, and Jitsu continues with it unchanged", async () => {
  const { ctx, requests } = createContext(200, stored)
  expect(await send(event, ctx)).toBeUndefined()
  expect(requests.map(({ url }) => url)).toEqual(["https://db.example.com/api/v2/exec"])
  const { sql, args, database } = JSON.parse(requests[0].body)
  expect(sql).toContain("INTO `segment_data`")
  expect(args[0]).toBe("m1")
  expect(database).toBe("events")
})

test("Jitsu retries an event if the server is unavailable", async () => {
  const { ctx } = createContext(503, "busy")
  await expect(send(event, ctx)).rejects.toMatchObject({ name: "Drop & RetryError" })
})

test("An event that can never be stored is not retried, and nothing is sent", async () => {
  const { ctx, requests } = createContext(200, stored)
  const bad = { ...event, timestamp: "yesterday" }
  await expect(send(bad, ctx)).rejects.toMatchObject({ name: "NoRetryError" })
  expect(requests).toEqual([])
})
