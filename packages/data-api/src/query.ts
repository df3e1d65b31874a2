import { ConfigError, isSinkError } from "@singlesink/core"
import type { Answer, Client } from "./client.ts"
import { toReply } from "./exec.ts"
import { checkRows, type Schema } from "./schema.ts"

export interface QueryOptions<Row> {
  /** Checks each row, and gives it its type: any schema of the Standard Schema kind. @default none */
  schema?: Schema<Row> | undefined
  /** Reads the answer. `parseExact` of `@singlesink/data-api/exact` keeps all digits. @default JSON.parse */
  parse?: ((json: string) => unknown) | undefined
  /** The largest answer that is read, in bytes, where the HTTP client streams. @default 67108864 (64 MB) */
  maxBytes?: number | undefined
}

/** Runs a query that is a body already; `sql` says whether it may be sent twice. */
export async function runQuery<Row extends object>(
  call: Client,
  sql: string,
  body: string,
  { schema, parse = JSON.parse, maxBytes = 64 * 1_024 * 1_024 }: QueryOptions<Row>,
): Promise<Row[]> {
  const answer = await call({ path: "/api/v2/query/rows", body, repeatable: isReading(sql), maxBytes })
  if (answer.cut) throw toTooLargeError(maxBytes)
  const { results } = readReply(answer, parse) as { results?: { rows?: Row[] | null }[] }
  if (!Array.isArray(results)) throw answer.toError(answer.text)
  // No rows may come as no list, too.
  const rows = results[0]?.rows ?? []
  if (!Array.isArray(rows)) throw answer.toError(answer.text)
  return schema === undefined ? rows : checkRows(rows, schema)
}

/** Whether a statement leaves everything as it was, so that a client may send it twice. */
function isReading(sql: string): boolean {
  return /^\s*(select|show|describe|desc|explain)\b/i.test(sql) && !/\binto\b/i.test(sql)
}

function readReply(answer: Answer, parse: (json: string) => unknown): Record<string, unknown> {
  try {
    return toReply(answer, parse)
  } catch (error) {
    if (isSinkError(error)) throw error
    const message = "The parse function that query was given cannot read the answer, which is JSON. Mend it."
    throw new ConfigError({ code: "unexpected_rows", status: 200, message })
  }
}

function toTooLargeError(maxBytes: number): ConfigError {
  const message = `The answer is over ${maxBytes} bytes. Ask for less, or raise the query's maxBytes.`
  return new ConfigError({ code: "answer_too_large", status: 200, message })
}
