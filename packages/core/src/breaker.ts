import type { ConfigError, ConfigErrorCode } from "./errors.ts"
import type { Observer } from "./observe.ts"
import type { Runtime } from "./runtime.ts"

/** Keeps a wrong set-up from being tried a thousand times a second. */
export interface Breaker {
  /** The error that a request would meet, or undefined where one may be tried. */
  check(): ConfigError | undefined
  failed(error: ConfigError): void
  /** The server took a request, or gave an answer that has nothing to do with the set-up. */
  passed(): void
  /** The answer said nothing about the set-up; if it was the try, another may follow. */
  unsure(): void
}

const firstPauseMs = 1_000
const longestPauseMs = 60_000

/** What a request of any content would meet. One that only this content may meet must not stop the others. */
const setUpCodes: ReadonlySet<ConfigErrorCode> = new Set([
  "access_denied",
  "no_privilege",
  "no_database",
  "unknown_database",
  "unknown_table",
  "unknown_column",
  "unknown_endpoint",
  "not_the_data_api",
  "bad_certificate",
  "no_tls",
] as const)

/**
 * After a set-up error rows fail at once, without a request, until a pause is over; then one request tries. The
 * pause doubles with each try that fails.
 */
export function createBreaker(runtime: Runtime, observe: Observer): Breaker {
  let error: ConfigError | undefined
  let pauseMs = firstPauseMs
  let openUntil = 0
  let trying = false

  return {
    check() {
      if (error === undefined) return undefined
      if (trying || runtime.now() < openUntil) return error
      trying = true
      observe?.({ type: "breaker", state: "half_open", code: error.code })
      return undefined
    },
    failed(cause) {
      if (!setUpCodes.has(cause.code)) {
        // It tells nothing of the set-up: another request may try.
        trying = false
        return
      }
      // Requests that were under way when the first one failed tell nothing new.
      if (error !== undefined && !trying) return
      pauseMs = trying ? Math.min(pauseMs * 2, longestPauseMs) : firstPauseMs
      openUntil = runtime.now() + pauseMs
      trying = false
      error = cause
      observe?.({ type: "breaker", state: "open", code: cause.code })
    },
    passed() {
      if (error === undefined) return
      observe?.({ type: "breaker", state: "closed", code: error.code })
      error = undefined
      trying = false
    },
    unsure() {
      trying = false
    },
  }
}
