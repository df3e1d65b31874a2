import { ConfigError, isSinkError, type Schema } from "@singlesink/core"
import { type Answer, type Client, unwrap } from "../http/client.ts"
import { parseJson, toReply } from "./exec.ts"
import { checkRows } from "./schema.ts"

/** How the rows of a query are read. */
export interface QueryOptions<Row> {
  /** Validates each row and types it: any Standard Schema, such as one of zod, valibot or arktype. @default none */
  schema?: Schema<Row> | undefined
  /** Parses the response. `parseExact` of `@singlesink/data-api/exact` keeps all digits of numbers. @default JSON.parse */
  parse?: ((json: string) => unknown) | undefined
  /** The largest response that is read, in bytes, if the HTTP client streams. @default 67108864 (64 MB) */
  maxBytes?: number | undefined
}

/** Runs the query of a request body. */
export async function runQuery<Row extends object>(
  call: Client,
  sql: string,
  body: string,
  { schema, parse = JSON.parse, maxBytes = 64 * 1_024 * 1_024 }: QueryOptions<Row>,
): Promise<Row[]> {
  const answer = unwrap(
    await call({ path: "/api/v2/query/rows", body, idempotent: isReadOnly(sql), maxBytes }),
  )
  if (answer.isTruncated) throw toTooLargeError(maxBytes)
  const { results } = readReply(answer, parse) as { results?: { rows?: Row[] | null }[] }
  if (!Array.isArray(results)) throw answer.toError(answer.text)
  // An empty result may come without a list.
  const rows = results[0]?.rows ?? []
  if (!Array.isArray(rows)) throw answer.toError(answer.text)
  return schema === undefined ? rows : checkRows(rows, schema)
}

/** Whether a statement changes nothing, so that an HTTP client may send it twice. */
function isReadOnly(sql: string): boolean {
  return /^\s*(select|show|describe|desc|explain)\b/i.test(sql) && !/\binto\b/i.test(sql)
}

function readReply(answer: Answer, parse: (json: string) => unknown): Record<string, unknown> {
  const reply = toReply(answer, parseWith(parse, answer.text))
  if (isSinkError(reply)) throw reply
  return reply
}

function parseWith(parse: (json: string) => unknown, text: string): unknown {
  try {
    return parse(text)
  } catch {
    if (parseJson(text) === undefined) return undefined
    const message =
      "The `parse` function of the query threw, although the response is JSON. Fix that function."
    throw new ConfigError({ code: "schema_mismatch", status: 200, message })
  }
}

function toTooLargeError(maxBytes: number): ConfigError {
  const message = `The response is larger than ${maxBytes} bytes. Select less, or raise \`maxBytes\` of the query.`
  return new ConfigError({ code: "response_too_large", status: 200, message })
}
