import { ConfigError, type Transport } from "@singlesink/core"
import { failures } from "./errors/network-failures.ts"
import { createClient, type DataApiOptions, unwrap } from "./http/client.ts"
import { toRenewableCredentials } from "./http/token-function.ts"
import { findWebFetch } from "./http/web-fetch.ts"
import { type ExecResult, runStatement, sendInsert } from "./query/exec.ts"
import { type QueryOptions, runQuery } from "./query/query.ts"

/** An argument of a statement: what JSON can represent, and a bigint, which is sent as its digits. Objects and arrays are for JSON columns. */
export type Argument = string | number | bigint | boolean | null | object

/** SingleStore over HTTP. Every method rejects with an EventError, ConfigError or DeliveryError, and nothing else. */
export interface DataApi extends Transport {
  /**
   * Runs one statement without a result. `?` stands for an argument.
   *
   * @example
   * const { rowsAffected } = await api.exec("DELETE FROM segment_data WHERE userId = ?", ["u1"])
   */
  exec(sql: string, args?: readonly Argument[]): Promise<ExecResult>
  /**
   * Runs one query and returns its rows.
   *
   * @example
   * const rows = await api.query("SELECT event, COUNT(*) AS n FROM segment_data GROUP BY event")
   */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    args?: readonly Argument[],
    options?: QueryOptions<Row>,
  ): Promise<Row[]>
  /** Resolves if the HTTP service is up. It needs no credentials, and says nothing about the database. */
  ping(): Promise<void>
}

/**
 * Creates a client for one database. It is the transport of a sink.
 *
 * @throws ConfigError with every mistake in the options
 * @see https://docs.singlestore.com/db/v9.1/reference/data-api/data-api-endpoint-reference.md
 * @example
 * const api = createDataApi({ url: "https://svc-1.example.com", username, password, database: "events" })
 * await api.ping()
 */
export function createDataApi(options: DataApiOptions): DataApi {
  const fetch = options?.fetch ?? findWebFetch()
  const call = createClient({ ...options, fetch }, failures, toRenewableCredentials)
  const { database } = options

  return {
    database,
    async exec(sql, args = []) {
      const { status: _, ...result } = unwrap(await runStatement(call, toBody(sql, database, args), false))
      return result
    },
    query: async (sql, args = [], options = {}) => runQuery(call, sql, toBody(sql, database, args), options),
    async ping() {
      const answer = unwrap(await call({ path: "/ping", idempotent: true, maxBytes: maxPongBytes }))
      if (answer.text.trim() !== "pong") throw answer.toError(answer.text)
    },
    send: request => sendInsert(call, request),
  }
}

const maxPongBytes = 1_024

/** Whether JSON.stringify turns a value into null without an error, such as NaN, undefined or an invalid Date. */
function isSwallowed(value: unknown): boolean {
  try {
    return value !== null && typeof value !== "bigint" && (JSON.stringify(value) ?? "null") === "null"
  } catch {
    return false
  }
}

function toBody(sql: string, database: string, args: readonly Argument[]): string {
  if (typeof sql !== "string" || !Array.isArray(args)) {
    const message = "The statement must be a string, and its arguments a list."
    throw new ConfigError({ code: "sql_error", message })
  }
  const wrong = args.findIndex(isSwallowed)
  if (wrong !== -1) {
    const message = `Argument ${wrong + 1} is ${describe(args[wrong])}, which would become NULL. Pass null, or a value that JSON can represent.`
    throw new ConfigError({ code: "sql_error", message })
  }
  try {
    const values = args.map(value => (typeof value === "bigint" ? String(value) : value))
    return JSON.stringify({ sql, database, args: values })
  } catch {
    const message =
      "The arguments cannot be written as JSON: one has a cycle, a nested BigInt, or a toJSON method that throws. Correct them."
    throw new ConfigError({ code: "sql_error", message })
  }
}

function describe(value: unknown): string {
  if (typeof value === "number") return "not a finite number"
  return value instanceof Date ? "an invalid Date" : `of type ${typeof value}`
}
