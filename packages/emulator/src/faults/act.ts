import { type IncomingMessage, STATUS_CODES } from "node:http"
import { type Answer, plain } from "../http/endpoints.ts"
import { engineText } from "./engine-text.ts"
import type { StatusFault, Strike } from "./fault.ts"
import type { Faults } from "./faults.ts"

/** How the server is done with a request: by an answer, or without one. */
export type Ending = Answer | "reset" | "close" | "hang"

const strikes: readonly Strike["kind"][] = [
  "status",
  "engine_error",
  "html",
  "redirect",
  "hang",
  "reset",
  "stale_socket",
  "commit_then",
  "truncated",
  "slow_headers",
  "slow_body",
]

/** The fault that hits this request as a whole, if any. */
export function takeStrike(faults: Faults, path: string, connectionUsed: boolean): Strike | undefined {
  return faults.strike(strikes, path, ({ kind }) => kind !== "stale_socket" || connectionUsed)
}

/** Steps in before the body is read. */
export function beforeBody(strike: Strike | undefined): Ending | undefined {
  if (strike?.kind === "stale_socket") return "reset"
  return strike?.kind === "reset" && strike.at === "start" ? "reset" : undefined
}

/** How much of the body is read: of one without a stated length, half is what comes first. */
export function bytesToRead({ headers }: IncomingMessage, strike: Strike | undefined): number {
  if (strike?.kind !== "reset" || strike.at !== "body") return Number.POSITIVE_INFINITY
  return Number(headers["content-length"] ?? 0) / 2
}

/** Steps in once the body is read, and then nothing runs. */
export function insteadOfRun(strike: Strike | undefined, redirectTo: string): Ending | undefined {
  switch (strike?.kind) {
    case "reset":
      return strike.at === "body" ? "reset" : undefined
    case "hang":
      return "hang"
    case "status":
      return statusAnswer(strike)
    case "engine_error":
      return plain(strike.status ?? 400, engineText(strike.code, strike.text))
    case "html":
      return page(strike.status ?? 200, strike.text ?? loginPage)
    case "redirect":
      return { ...plain(strike.status ?? 302, ""), headers: { location: redirectTo } }
    default:
      return undefined
  }
}

/** Steps in after the statement ran, in place of its answer. */
export function afterRun(strike: Strike | undefined): Ending | undefined {
  if (strike?.kind === "reset") return "reset"
  if (strike?.kind !== "commit_then") return undefined
  const { answer, text } = strike
  return typeof answer === "number" ? plain(answer, text ?? statusName(answer)) : answer
}

/** 413 as a proxy puts it. */
export const proxyTooLarge: Answer = page(
  413,
  "<html><head><title>413 Request Entity Too Large</title></head><body><h1>413 Request Entity Too Large</h1></body></html>",
)

function statusAnswer({ status, text = statusName(status), retryAfter }: StatusFault): Answer {
  const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }
  return { ...plain(status, text), headers }
}

function statusName(status: number): string {
  return STATUS_CODES[status] ?? String(status)
}

function page(status: number, text: string): Answer {
  return { ...plain(status, text), headers: { "content-type": "text/html; charset=utf-8" } }
}

const loginPage =
  '<!doctype html><html><head><title>Sign in</title></head><body><form method="post"><input name="user"><input name="password" type="password"><button>Sign in</button></form></body></html>'
