import { type IncomingMessage, STATUS_CODES } from "node:http"
import { engineText } from "../errors.ts"
import { type Answer, plain } from "../http/endpoints.ts"
import type { Fault, RejectRowsFault, RequestFault, RespondFault } from "./fault.ts"
import type { Faults } from "./faults.ts"

/** The end of a request, with or without an answer. */
export type Ending = Answer | "reset" | "close" | "hang"

/** The points of a request at which a fault can end it: before the body, after it, and after the statement. */
export type Stage = "start" | "body" | "commit"

const kinds: readonly RequestFault["kind"][] = ["respond", "disconnect", "hang", "reset", "truncate", "delay"]

export function takeRequestFault(faults: Faults, path: string, isReused: boolean): RequestFault | undefined {
  return faults.take(kinds, path, fault => fault.kind !== "reset" || !fault.reusedOnly || isReused)
}

/** The number of bytes to read of a body: about half for a reset in the middle of it. */
export function bytesToRead({ headers }: IncomingMessage, fault: RequestFault | undefined): number {
  if (fault?.kind !== "reset" || fault.at !== "body") return Number.POSITIVE_INFINITY
  return Number(headers["content-length"] ?? 0) / 2
}

/** Ends the request if the fault belongs to this stage. */
export function endAt(stage: Stage, fault: RequestFault | undefined, location: string): Ending | undefined {
  switch (fault?.kind) {
    case "reset":
      return (fault.at ?? "start") === stage ? "reset" : undefined
    case "respond":
    case "disconnect":
    case "hang":
      if ((fault.after ?? "body") !== stage) return undefined
      if (fault.kind === "respond") return toAnswer(fault, location)
      return fault.kind === "hang" ? "hang" : "close"
    default:
      return undefined
  }
}

export function isRedirect(fault: Fault): boolean {
  return fault.kind === "respond" && [301, 302, 303, 307, 308].includes(fault.status ?? 0)
}

function toAnswer(fault: RespondFault, location: string): Answer {
  const given = Object.entries(fault.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  const answer = toGivenAnswer(fault)
  const redirect = isRedirect(fault) ? { location } : {}
  return { ...answer, headers: { ...answer.headers, ...redirect, ...Object.fromEntries(given) } }
}

/** The answer of a fault; `row` is the number of the refused row. */
export function toGivenAnswer(
  { status = 400, body, engineCode }: RespondFault | RejectRowsFault,
  row?: number,
): Answer {
  const text =
    engineCode === undefined ? (body ?? STATUS_CODES[status] ?? String(status)) : engineText(engineCode, row)
  return text.startsWith("<") ? page(status, text) : plain(status, text)
}

/** Status 413 as a proxy sends it. */
export const proxyTooLarge: Answer = page(
  413,
  "<html><head><title>413 Request Entity Too Large</title></head><body><h1>413 Request Entity Too Large</h1></body></html>",
)

function page(status: number, text: string): Answer {
  return { ...plain(status, text), headers: { "content-type": "text/html; charset=utf-8" } }
}
