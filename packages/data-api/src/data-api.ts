import { ConfigError, type InsertReply, isSinkError, type SinkApi } from "@singlesink/core"
import { type AddressOptions, toBaseUrl } from "./address.ts"
import { type CredentialOptions, toAuthorization } from "./authorization.ts"
import { type Fetch, type FetchResponse, findWebFetch } from "./fetch.ts"
import { type Context, toError, toNoAnswerError } from "./refusal.ts"

export interface DataApiOptions extends AddressOptions, CredentialOptions {
  /** The database that statements run in; case counts. */
  database: string
  /** The HTTP client. @default globalThis.fetch, without redirects */
  fetch?: Fetch | undefined
  /** Milliseconds that one request may take; then it fails with a DeliveryError `timeout`. @default 30000 */
  timeoutMs?: number | undefined
}

/** An argument of a statement: whatever JSON can carry. Objects and arrays are for JSON columns. */
export type Argument =
  | string
  | number
  | boolean
  | null
  | readonly unknown[]
  | { readonly [key: string]: unknown }

export interface ExecReply {
  rowsAffected: number
  lastInsertId?: number
}

/** SingleStore over HTTP. Every method throws EventError, ConfigError or DeliveryError, and nothing else. */
export interface DataApi extends SinkApi {
  /** Runs one statement that has no result; `?` stands for an argument. */
  exec(sql: string, args?: readonly Argument[]): Promise<ExecReply>
  /** Runs one query and gives its rows; JSON columns come parsed, DATETIME and DECIMAL as text. */
  query<Row extends object = Record<string, unknown>>(sql: string, args?: readonly Argument[]): Promise<Row[]>
  /** Resolves when the HTTP service is up. It needs no credentials, and says nothing about the database. */
  ping(): Promise<void>
}

/**
 * A client for one database.
 *
 * @throws ConfigError that lists every mistake in the options
 * @see https://docs.singlestore.com/db/v9.1/reference/data-api/data-api-endpoint-reference.md
 */
export function createDataApi(options: DataApiOptions): DataApi {
  const { fetch, baseUrl, authorization, database, timeoutMs } = toClientOptions(options)
  const context: Context = { baseUrl, secrets: toSecrets(options, authorization) }
  const headers = { authorization, "content-type": "application/json" }

  async function request(path: string, body?: string): Promise<string> {
    let response: FetchResponse
    let text: string
    try {
      const url = `${baseUrl}${path}`
      response = await fetch(
        url,
        body === undefined
          ? { method: "GET", headers: {}, timeoutMs }
          : { method: "POST", headers, body, timeoutMs },
      )
      text = await response.text()
    } catch (thrown) {
      throw isSinkError(thrown) ? thrown : toNoAnswerError(context, thrown)
    }
    if (response.status !== 200) throw toError(context, response.status, text, response.headers)
    return text
  }

  async function exec(body: string): Promise<ExecReply> {
    const reply = toJsonObject(await request("/api/v2/exec", body))
    if (typeof reply?.rowsAffected !== "number") throw notTheDataApi(baseUrl)
    return reply as unknown as ExecReply
  }

  return {
    database,
    exec: (sql, args = []) => exec(JSON.stringify({ sql, database, args })),
    async query<Row>(sql: string, args: readonly Argument[] = []) {
      const body = JSON.stringify({ sql, database, args })
      const reply = toJsonObject(await request("/api/v2/query/rows", body))
      // Results are streamed, so a query that fails half-way has said 200 already.
      const { error, results } = (reply ?? {}) as { error?: unknown; results?: [{ rows?: Row[] }] }
      if (error !== undefined && error !== null) throw toError(context, 200, toErrorText(error))
      const rows = results?.[0]?.rows
      if (!Array.isArray(rows)) throw notTheDataApi(baseUrl)
      return rows
    },
    async ping() {
      const text = await request("/ping")
      if (text.trim() !== "pong") throw notTheDataApi(baseUrl)
    },
    async send({ body }): Promise<InsertReply> {
      try {
        const { rowsAffected } = await exec(body)
        return { rowsAffected }
      } catch (error) {
        if (isSinkError(error) && error.code === "request_too_large") return { tooLarge: true }
        throw error
      }
    },
  }
}

function toClientOptions(options: DataApiOptions) {
  const mistakes: string[] = []
  const { database, fetch = findWebFetch(), timeoutMs = 30_000 } = options
  const baseUrl = toBaseUrl(options, mistakes)
  const authorization = toAuthorization(options, mistakes)
  if (typeof database !== "string" || database === "") mistakes.push("database is missing")
  if (typeof fetch !== "function") mistakes.push("fetch is missing, and this runtime has none of its own")
  if (!(Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs < 2 ** 31)) {
    mistakes.push("timeoutMs is not a whole number of milliseconds that a timer can wait for")
  }
  if (mistakes.length > 0 || fetch === undefined) {
    throw new ConfigError({
      code: "bad_options",
      message: `createDataApi cannot work with these options: ${mistakes.join("; ")}. Change them and start again.`,
    })
  }
  return { database, fetch, baseUrl, authorization, timeoutMs }
}

/** What must be in no message, in every form that a server or a proxy might show it in; the longest first. */
function toSecrets({ username, password, token }: CredentialOptions, authorization: string): string[] {
  const plain = [password, token].filter(secret => secret !== undefined)
  const forms = plain.flatMap(secret => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ])
  const header = authorization.replace(/^\w+ /, "")
  return [...forms, header, `${username}:${password}`].sort((a, b) => b.length - a.length)
}

function toJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** The error member of a query's answer, in the form that errors have elsewhere. */
function toErrorText(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return `Error ${code}: ${message}`
}

function notTheDataApi(baseUrl: string): ConfigError {
  return new ConfigError({
    code: "not_the_data_api",
    status: 200,
    message: `${baseUrl} answers, but not as the Data API does. Give the address of the Data API itself.`,
  })
}
