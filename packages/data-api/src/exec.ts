import { type InsertReply, type InsertRequest, isSinkError } from "@singlesink/core"
import type { Answer, Client } from "./client.ts"

/** What exec answers. */
export interface ExecReply {
  rowsAffected: number
  lastInsertId?: number
}

/** An answer to exec has two numbers; what is longer is none. */
const maxExecBytes = 65_536

/** Runs a statement that is a body already. */
export async function runStatement(call: Client, body: string, repeatable: boolean): Promise<ExecReply> {
  const answer = await call({ path: "/api/v2/exec", body, repeatable, maxBytes: maxExecBytes })
  const { rowsAffected, ...reply } = toReply(answer, JSON.parse)
  if (!isCount(rowsAffected)) throw answer.toError(answer.text)
  return { ...reply, rowsAffected }
}

/** The same for core: too large is no error there. */
export async function sendInsert(
  call: Client,
  { body, repeatable }: Pick<InsertRequest, "body" | "repeatable">,
): Promise<InsertReply> {
  try {
    const { rowsAffected } = await runStatement(call, body, repeatable)
    return { rowsAffected }
  } catch (error) {
    if (isSinkError(error) && error.code === "request_too_large") return { tooLarge: true }
    throw error
  }
}

/**
 * The object that an answer is; it may tell a failure, because results are streamed after the status.
 *
 * @throws what `parse` throws where the answer is JSON all the same
 */
export function toReply(answer: Answer, parse: (json: string) => unknown): Record<string, unknown> {
  let reply: unknown
  try {
    reply = parse(answer.text)
  } catch (error) {
    if (isJson(answer.text)) throw error
  }
  if (typeof reply !== "object" || reply === null) throw answer.toError(answer.text)
  const { error } = reply as { error?: unknown }
  if (error) throw answer.toError(toErrorText(error))
  return reply as Record<string, unknown>
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The error member of an answer, in the form that errors have elsewhere. */
function toErrorText(error: unknown): string {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown }
  const text = [error, message].find(part => typeof part === "string") ?? ""
  return /^Error \d/.test(text) ? text : `Error ${Number.isInteger(code) ? code : 0}: ${text}`
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
