import type { IncomingHttpHeaders } from "node:http"
import { StatementError } from "../errors.ts"
import { toWellFormed } from "../store/json.ts"
import type { Value } from "../store/value.ts"

/** The body of a request to exec or query/rows. */
export interface StatementRequest {
  sql: string
  args: Value[]
  database: string | undefined
}

export function isJson(headers: IncomingHttpHeaders): boolean {
  return headers["content-type"]?.split(";")[0]?.trim().toLowerCase() === "application/json"
}

/** Checks a body against the documented schema; a fault is named. */
export function toStatementRequest(content: Buffer): StatementRequest {
  const body = toObject(content)
  for (const member of Object.keys(body)) {
    if (!members.has(member)) throw fault(`unknown member "${member}": there are sql, args and database`)
  }
  const { sql, args = [], database } = body
  if (sql === undefined) throw fault('"sql" is missing')
  if (typeof sql !== "string") throw fault('"sql" must be a string')
  if (!Array.isArray(args)) throw fault('"args" must be an array')
  if (database !== undefined && typeof database !== "string") throw fault('"database" must be a string')
  const values: Value[] = args
  if (values.some(value => typeof value === "number" && !Number.isFinite(value))) {
    throw fault("a number is out of the range of a double")
  }
  return { sql: toWellFormed(sql), args: values, database: database === "" ? undefined : database }
}

const members = new Set(["sql", "args", "database"])

function toObject(content: Buffer): Record<string, unknown> {
  let body: unknown
  try {
    body = JSON.parse(content.toString("utf8"))
  } catch {
    throw fault("the body is not JSON")
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw fault("the body must be a JSON object")
  return { ...body }
}

function fault(text: string): StatementError {
  return new StatementError(`Error reading request body: ${text}`, 400)
}
