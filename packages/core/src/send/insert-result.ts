import { ConfigError, isSinkError, type SinkError } from "../errors.ts"
import type { ObserverEvent } from "../observer.ts"
import type { InsertRequest, InsertResult, Transport } from "../transport.ts"

/** Sends one insert. Whatever the transport does, this resolves to a result. */
export async function sendInsert(transport: Transport, request: InsertRequest): Promise<InsertResult> {
  try {
    return toInsertResult(await transport.send(request), request.rows)
  } catch {
    // The error is not shown, because its text may hold values or secrets.
    return toErrorResult(toTransportError())
  }
}

function toInsertResult(result: InsertResult, rows: number): InsertResult {
  if (result.status === "too_large") return result
  if (result.status === "inserted" && Number.isInteger(result.rowsAffected)) {
    return { status: "inserted", rowsAffected: Math.min(Math.max(result.rowsAffected, 0), rows) }
  }
  if (result.status !== "error" || !isSinkError(result.error)) {
    return toErrorResult(toTransportError())
  }
  // A plain INSERT into a table with a unique key: this one row exists already.
  return rows === 1 && result.error.code === "duplicate_key"
    ? { status: "inserted", rowsAffected: 0 }
    : result
}

export function toErrorResult<E extends SinkError>(error: E): { status: "error"; error: E } {
  return { status: "error", error }
}

/** The rows may be stored, so they must not be sent again in pieces. */
function toTransportError(): ConfigError {
  const message = "`transport.send` must resolve to an InsertResult."
  return new ConfigError({ code: "invalid_transport", message, ambiguous: true })
}

/** What an observer learns from the result of a request. */
export function toReport(
  result: InsertResult,
  rows: number,
): Partial<Extract<ObserverEvent, { type: "request" }>> {
  if (result.status === "inserted") return { duplicates: rows - result.rowsAffected }
  if (result.status === "too_large") return { code: result.status }
  const { code, ambiguous } = result.error
  return { code, ambiguous }
}
