import { ConfigError, type InsertReply, isSinkError, type SinkApi } from "@singlesink/core"
import { type Answer, createClient, type DataApiOptions } from "./client.ts"
import { checkRows, type Schema } from "./schema.ts"

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

export interface QueryOptions<Row> {
  /** Checks each row, and gives it its type: any schema of the Standard Schema kind. @default none */
  schema?: Schema<Row> | undefined
  /** Reads the answer. `parseExact` of `@singlesink/data-api/exact` keeps all digits. @default JSON.parse */
  parse?: ((json: string) => unknown) | undefined
  /** The largest answer that is read, in bytes, where the HTTP client streams. @default 67108864 (64 MB) */
  maxBytes?: number | undefined
}

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

/** An answer to exec has two numbers; what is longer is none. */
const maxExecBytes = 65_536
const maxQueryBytes = 64 * 1_024 * 1_024

/** Statements that leave the tables as they were, so that a client may send them twice. */
const reads = /^\s*(select|show|describe|desc|explain|with)\b/i

/**
 * A client for one database.
 *
 * @throws ConfigError that lists every mistake in the options
 * @see https://docs.singlestore.com/db/v9.1/reference/data-api/data-api-endpoint-reference.md
 */
export function createDataApi(options: DataApiOptions): DataApi {
  const call = createClient(options)
  const { database } = options

  async function exec(body: string, repeatable: boolean): Promise<ExecReply> {
    const answer = await call({ path: "/api/v2/exec", body, repeatable, maxBytes: maxExecBytes })
    const reply = toReply(answer, JSON.parse)
    if (typeof reply.rowsAffected !== "number") throw answer.toError(200, answer.text)
    return reply as unknown as ExecReply
  }

  return {
    database,
    exec: (sql, args = []) => exec(JSON.stringify({ sql, database, args }), false),
    async query<Row extends object>(
      sql: string,
      args: readonly Argument[] = [],
      { schema, parse = JSON.parse, maxBytes = maxQueryBytes }: QueryOptions<Row> = {},
    ) {
      const body = JSON.stringify({ sql, database, args })
      const answer = await call({ path: "/api/v2/query/rows", body, repeatable: reads.test(sql), maxBytes })
      if (answer.cut) throw toTooLargeError(maxBytes)
      const { results } = toReply(answer, parse) as { results?: [{ rows?: Row[] }?] | null }
      const rows = results?.[0]?.rows
      if (!Array.isArray(rows)) throw answer.toError(200, answer.text)
      return schema === undefined ? rows : checkRows(rows, schema)
    },
    async ping() {
      const answer = await call({ path: "/ping", repeatable: true, maxBytes: maxExecBytes })
      if (answer.text.trim() !== "pong") throw answer.toError(200, answer.text)
    },
    async send({ body, repeatable }): Promise<InsertReply> {
      try {
        const { rowsAffected } = await exec(body, repeatable)
        return { rowsAffected }
      } catch (error) {
        if (isSinkError(error) && error.code === "request_too_large") return { tooLarge: true }
        throw error
      }
    },
  }
}

/** The object that an answer is; it may tell a failure, because results are streamed after the status. */
function toReply(answer: Answer, parse: (json: string) => unknown): Record<string, unknown> {
  const reply = toObject(() => parse(answer.text))
  if (reply === undefined) throw answer.toError(200, answer.text)
  const error = reply.error as { code?: unknown; message?: unknown } | null | undefined
  // In the form that errors have elsewhere.
  const toText = ({ code, message }: { code?: unknown; message?: unknown }) =>
    `Error ${Number(code) || 0}: ${message}`
  if (error !== undefined && error !== null) throw answer.toError(200, toText(error))
  return reply
}

function toObject(read: () => unknown): Record<string, unknown> | undefined {
  try {
    const value = read()
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function toTooLargeError(maxBytes: number): ConfigError {
  const message = `The answer is over ${maxBytes} bytes. Ask for less, or raise the query's maxBytes.`
  return new ConfigError({ code: "answer_too_large", status: 200, message })
}
