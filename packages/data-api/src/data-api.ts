import { ConfigError, type SinkApi } from "@singlesink/core"
import { createClient, type DataApiOptions } from "./client.ts"
import { type ExecReply, runStatement, sendInsert } from "./exec.ts"
import { type QueryOptions, runQuery } from "./query.ts"
import { failures } from "./system-failures.ts"
import { findWebFetch } from "./web.ts"

/** An argument of a statement: what JSON can carry, and a bigint as its digits. Objects and arrays are for JSON columns. */
export type Argument =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly unknown[]
  | { readonly [key: string]: unknown }

/** SingleStore over HTTP. Every method throws EventError, ConfigError or DeliveryError, and nothing else. */
export interface DataApi extends SinkApi {
  /** Runs one statement that has no result; `?` stands for an argument. */
  exec(sql: string, args?: readonly Argument[]): Promise<ExecReply>
  /** Runs one query and gives its rows. What becomes of each type is in the README. */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    args?: readonly Argument[],
    options?: QueryOptions<Row>,
  ): Promise<Row[]>
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
  const given: DataApiOptions = Object(options)
  const unknown = Object.keys(given).filter(name => !names.has(name))
  const mistakes = unknown.length === 0 ? [] : [`there is no option ${unknown.join(", ")}`]
  const call = createClient({ ...given, fetch: given.fetch ?? findWebFetch() }, failures, mistakes)
  const { database } = options

  return {
    database,
    exec: async (sql, args = []) => runStatement(call, toBody(sql, database, args), false),
    query: async (sql, args = [], options = {}) => runQuery(call, sql, toBody(sql, database, args), options),
    async ping() {
      const answer = await call({ path: "/ping", repeatable: true, maxBytes: maxPongBytes })
      if (answer.text.trim() !== "pong") throw answer.toError(answer.text)
    },
    send: request => sendInsert(call, request),
  }
}

const names: ReadonlySet<string> = new Set<keyof DataApiOptions>([
  "url",
  "host",
  "port",
  "allowInsecure",
  "username",
  "password",
  "token",
  "database",
  "fetch",
  "timeoutMs",
])

/** Enough for a pong. */
const maxPongBytes = 1_024

function toBody(sql: string, database: string, args: readonly Argument[]): string {
  try {
    const values = args.map(value => (typeof value === "bigint" ? String(value) : value))
    return JSON.stringify({ sql, database, args: values })
  } catch {
    const message =
      "The arguments cannot be written as JSON: one holds itself, a bigint, or something that throws. Correct them."
    throw new ConfigError({ code: "bad_request", message })
  }
}
