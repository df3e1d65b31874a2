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

/** Checks a body against the documented schema. */
export function toStatementRequest(content: Buffer): StatementRequest {
  const body = toObject(content)
  for (const member of Object.keys(body)) {
    if (!members.has(member))
      throw invalid(`unknown member "${member}"; the members are sql, args and database`)
  }
  const { sql, args = [], database } = body
  if (typeof sql !== "string") throw invalid('"sql" must be a string')
  if (!Array.isArray(args)) throw invalid('"args" must be an array')
  if (database !== undefined && typeof database !== "string") throw invalid('"database" must be a string')
  const values: Value[] = args
  if (values.some(value => typeof value === "number" && !Number.isFinite(value))) {
    throw invalid("a number is out of the range of a double")
  }
  return { sql: toWellFormed(sql), args: values, database: database === "" ? undefined : database }
}

const members = new Set(["sql", "args", "database"])

function toObject(content: Buffer): Record<string, unknown> {
  let body: unknown
  try {
    body = JSON.parse(content.toString("utf8"))
  } catch {
    throw invalid("the body is not JSON")
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw invalid("the body must be a JSON object")
  return { ...body }
}

function invalid(text: string): StatementError {
  return new StatementError(`Error reading request body: ${text}`, 400)
}

/** Compares a Basic header with the one user. */
export function hasCredentials(header: string, username: string, password: string): boolean {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header.trim())?.[1] ?? ""
  return Buffer.from(encoded, "base64").toString() === `${username}:${password}`
}
