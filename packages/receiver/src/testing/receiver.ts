import { createTableSql } from "@singlesink/core"
import { createDataApi, type DataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import type { FastifyInstance } from "fastify"
import { onTestFinished } from "vitest"
import type { ReceiverOptions } from "../options.ts"
import { createReceiver } from "../receiver.ts"

export const writeKey = "a-write-key"

export interface TestReceiver {
  readonly app: FastifyInstance
  readonly emulator: Emulator
  readonly database: DataApi
  /** The address, without a slash at its end. */
  readonly url: string
  /** Posts JSON with the write key. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  rows(table?: string): Promise<Record<string, unknown>[]>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: {
    success?: boolean
    code?: string
    message?: string
    rejected?: { index: number; code: string; message: string; column?: string }[]
    failed?: { index: number; code: string; message: string }[]
  }
}

/** A receiver that listens on a free port, and an emulator with its table. Both end with the test. */
export async function startReceiver(
  options: Partial<ReceiverOptions> = {},
  { tables = ["segment_data"] }: { tables?: readonly string[] } = {},
): Promise<TestReceiver> {
  const emulator = await startEmulator()
  onTestFinished(() => emulator.close())
  for (const table of tables) await emulator.exec(createTableSql({ table }))
  const fetch = undiciFetch()
  onTestFinished(() => fetch.close())
  const credentials = { username: "root", password: "", database: "events" }
  const database = createDataApi({ url: emulator.url, ...credentials, fetch, timeoutMs: 3_000 })
  const app = createReceiver({ database, writeKeys: [writeKey], ...options })
  const url = await app.listen({ port: 0, host: "127.0.0.1" })
  onTestFinished(() => app.close())
  return {
    app,
    emulator,
    database,
    url,
    post: (path, body, headers = {}) =>
      send(`${url}${path}`, JSON.stringify(body), {
        authorization: toBasic(writeKey),
        "content-type": "application/json",
        ...headers,
      }),
    rows: (table = "segment_data") => database.query(`SELECT * FROM \`${table}\` ORDER BY messageId`),
  }
}

/** Sends a body as it is. */
export async function send(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(url, { method: "POST", body, headers })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer["body"],
  }
}

export const toBasic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString("base64")}`

/** A valid event. */
export const eventOf = (id: string, more: object = {}): Record<string, unknown> => ({
  messageId: id,
  type: "track",
  event: "Signed Up",
  userId: "u1",
  timestamp: "2026-11-22T06:13:12.535Z",
  ...more,
})
