import { type InsertRequest, type InsertResult, isSinkError } from "@singlesink/core"
import type { Answer, Client, Failed } from "../http/client.ts"

/** The answer to a statement. */
export interface ExecResult {
  rowsAffected: number
  lastInsertId?: number
}

/** An answer to exec contains two numbers. Anything longer is something else. */
const maxExecBytes = 65_536

/** Runs the statement of a request body. */
export async function runStatement(
  call: Client,
  body: string,
  idempotent: boolean,
): Promise<({ status: "inserted" } & ExecResult) | Failed> {
  const answer = await call({ path: "/api/v2/exec", body, idempotent, maxBytes: maxExecBytes })
  if (answer.status === "error") return answer
  const reply = toReply(answer, parseJson(answer.text))
  if (isSinkError(reply)) return { status: "error", error: reply }
  const { rowsAffected, ...rest } = reply
  if (!isCount(rowsAffected)) return { status: "error", error: answer.toError(answer.text) }
  return { ...rest, status: "inserted", rowsAffected }
}

/** Runs the insert of a sink, which can send a request that is too large in smaller pieces. */
export async function sendInsert(
  call: Client,
  { body, idempotent }: Pick<InsertRequest, "body" | "idempotent">,
): Promise<InsertResult> {
  const result = await runStatement(call, body, idempotent)
  if (result.status === "error" && result.error.code === "request_too_large") {
    // Another limit than that of the Data API can be raised, so a single row is not rejected for it.
    return result.error.status === 413
      ? { status: "too_large", error: result.error }
      : { status: "too_large" }
  }
  return result
}

/** The JSON object of an answer, or the error that it contains: results are streamed after the status. */
export function toReply(answer: Answer, json: unknown): Record<string, unknown> | Failed["error"] {
  if (typeof json !== "object" || json === null) return answer.toError(answer.text)
  const { error } = json as { error?: unknown }
  return error ? answer.toError(toErrorText(error)) : (json as Record<string, unknown>)
}

/** The value of a JSON text; undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The error member of an answer, in the form of other error texts. */
function toErrorText(error: unknown): string {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown }
  const text = [error, message].find(part => typeof part === "string") ?? ""
  return /^Error \d/.test(text) ? text : `Error ${Number.isInteger(code) ? code : 0}: ${text}`
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
