import { ConfigError, DeliveryError, isSinkError, type SinkError } from "./errors.ts"
import type { SinkEvent } from "./observe.ts"
import type { InsertReply } from "./port.ts"

/** How one request ended: stored, of which some were there before; too large; or an error. */
export type Reply = { duplicates: number } | "too_large" | SinkError

/** What a port's reply to an insert of some rows means. */
export function toReply(reply: InsertReply, rows: number): Reply {
  if ("tooLarge" in reply && reply.tooLarge === true) return "too_large"
  if (!("rowsAffected" in reply) || !Number.isInteger(reply.rowsAffected)) {
    return toPortError("resolved to something that is no reply")
  }
  return { duplicates: rows - Math.min(Math.max(reply.rowsAffected, 0), rows) }
}

/** What it means that a port has thrown. */
export function fromThrown(thrown: unknown, rows: number): Reply {
  const error = toThrown(thrown)
  // A plain insert into a table with a key: this one row is there already.
  return error.code === "duplicate_key" && rows === 1 ? { duplicates: 1 } : error
}

/** What a port has thrown. Only the three errors may be shown: the text of anything else may hold values. */
export function toThrown(thrown: unknown): SinkError {
  return isSinkError(thrown) ? thrown : toPortError("threw something that is none of the three errors")
}

/** Not an unknown answer: the rows may be stored, so they must not be sent again in pieces. */
function toPortError(did: string): ConfigError {
  const message = `The api's send ${did}. Mend the api that createSink was given.`
  return new ConfigError({ code: "bad_port", message })
}

export function isAmbiguous(error: SinkError): boolean {
  return error.name === "DeliveryError" && error.ambiguous
}

/** The last error of a batch of which an earlier attempt may have been carried out. */
export function toAmbiguous(error: SinkError): SinkError {
  if (error.name !== "DeliveryError" || error.ambiguous) return error
  const { message, code, engineCode, status, retryAfterMs } = error
  return new DeliveryError({ message, code, engineCode, status, retryAfterMs, ambiguous: true })
}

/** What an observer is told of a request's end. */
export function describeReply(reply: Reply): Partial<Extract<SinkEvent, { type: "request" }>> {
  if (reply === "too_large") return { code: reply }
  if ("duplicates" in reply) return reply
  return { code: reply.code, ambiguous: isAmbiguous(reply) }
}
