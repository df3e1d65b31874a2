import { ConfigError, type ConfigErrorCode } from "@singlesink/core"
import { expect, test } from "vitest"
import type { Settings } from "./index.ts"
import { toIntegrationError } from "./response.ts"
import { sendBatch } from "./testing/send.ts"
import { type Answer, withServer } from "./testing/server.ts"

const event = { messageId: "m1", timestamp: "2026-11-22T06:13:12.535Z", type: "track", event: "Tested" }
const events = [event, { ...event, messageId: "m2" }]
const unreachable: Settings = {
  host: "127.0.0.1",
  port: 1,
  username: "sink",
  password: "p",
  dbName: "events",
}

const respondWith =
  (status: number, text: string, headers = {}): Answer =>
  (_, response) =>
    response.writeHead(status, headers).end(text)

test.each<[string, number, string, Answer]>([
  ["wrong credentials", 401, "ACCESS_DENIED", respondWith(401, "Error 1045 (28000): Access denied")],
  [
    "a missing privilege",
    403,
    "PERMISSION_DENIED",
    respondWith(403, "Error 1142 (42000): INSERT command denied"),
  ],
  [
    "a missing table",
    404,
    "UNKNOWN_TABLE",
    respondWith(400, "Error 1146 (42S02): Table 'events.t' doesn't exist"),
  ],
  [
    "a missing database",
    404,
    "UNKNOWN_DATABASE",
    respondWith(400, "Error 1049 (42000): Unknown database 'events'"),
  ],
  [
    "a column that is not filled",
    404,
    "MISSING_COLUMN",
    respondWith(400, "Error 1364 (HY000): Field 'tenant' doesn't have a default value"),
  ],
  ["a 401 without an error of the database", 503, "NOT_FROM_DATABASE", respondWith(401, "Unauthorized")],
  ["a page with status 404", 503, "NOT_FROM_DATABASE", respondWith(404, "default backend - 404")],
  ["an HTML page", 503, "NOT_FROM_DATABASE", respondWith(200, "<html>log in</html>")],
  ["a redirect", 503, "NOT_FROM_DATABASE", respondWith(302, "", { location: "http://127.0.0.1:1/" })],
  ["an unknown error", 503, "UNEXPECTED_RESPONSE", respondWith(400, "Error 9999 (HY000): Odd")],
  ["a rate limit", 429, "OVERLOADED", respondWith(429, "slow down")],
  ["a response with status 500", 503, "SERVER_UNAVAILABLE", respondWith(500, "oops")],
  ["an error body of 200 KB", 503, "SERVER_UNAVAILABLE", respondWith(500, "x".repeat(200_000))],
])("A batch that meets %s is rejected with status %i and code %s", async (_, status, code, answer) => {
  await withServer(answer, async settings => {
    const batch = sendBatch(settings, events)
    await expect(batch).rejects.toMatchObject({ name: "IntegrationError", status, code })
    await expect(batch).rejects.not.toThrow("hunter2")
  })
})

test("A batch to a port without a server is rejected with status 503", async () => {
  await expect(sendBatch(unreachable, events)).rejects.toMatchObject({
    status: 503,
    code: "CONNECTION_FAILED",
  })
})

test("A batch with settings that can never work is rejected with status 400", async () => {
  const settings = { ...unreachable, host: "https://db.example.com/x" }
  await expect(sendBatch(settings, events)).rejects.toMatchObject({ status: 400, code: "INVALID_OPTIONS" })
})

const failWith = (code: ConfigErrorCode, engineCode?: number) =>
  toIntegrationError({ status: "failed", error: new ConfigError({ code, engineCode, message: "Denied." }) })

test.each([
  ["access_denied", 1045, 401],
  ["permission_denied", 1142, 403],
  ["unknown_table", 1146, 404],
  ["sql_error", 1064, 503],
] as const)("An error %s with the number %i of the database has status %i", (code, engineCode, status) => {
  expect(failWith(code, engineCode)).toMatchObject({ status })
})

test.each([
  "access_denied",
  "permission_denied",
  "unknown_table",
  "private_host",
  "untrusted_certificate",
  "invalid_options",
] as const)("An error %s that is neither from the database nor about a setting has status 503", code => {
  expect(failWith(code)).toMatchObject({ status: 503 })
})

test("An event whose value is too long for a column is rejected with the name of the column and without the value", async () => {
  const answer: Answer = ({ args }, response) => {
    if (!args.includes("acme"))
      response.end(JSON.stringify({ lastInsertId: 0, rowsAffected: args.length / 11 }))
    else response.writeHead(400).end("Error 1406 (22001): Data too long for column 'groupId' at row 1")
  }
  const [good, bad] = await withServer(answer, settings =>
    sendBatch(settings, [event, { ...event, messageId: "m2", groupId: "acme" }]),
  )
  expect(good?.status).toBe(200)
  expect(bad).toMatchObject({ status: 400, body: "value_rejected" })
  expect(bad?.errormessage).toMatch(
    /^A value is too long for its column\..*for column groupId\. \[value_rejected\]$/,
  )
  expect(bad?.errormessage).not.toContain('long"')
})
