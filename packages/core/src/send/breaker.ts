import type { ConfigError, ConfigErrorCode, DeliveryError, SinkError } from "../errors.ts"
import type { Observer } from "../observer.ts"
import type { Runtime } from "../runtime.ts"

/** Keeps a wrong configuration from being tried a thousand times a second. */
export interface Breaker {
  /** The error that a request would meet; undefined if one may be sent. */
  check(): ConfigError | DeliveryError | undefined
  /** Notes the answer to a request, or the error that it met. */
  record(error: SinkError | undefined): void
  /** Notes that most rows of a batch met an error, each in its own request. */
  open(error: DeliveryError): void
}

const firstPauseMs = 1_000
const longestPauseMs = 60_000

/** Errors that a request with any content would meet. An error that depends on the content must not stop other rows. */
const breakingCodes: ReadonlySet<ConfigErrorCode> = new Set([
  "access_denied",
  "permission_denied",
  "database_not_selected",
  "unknown_database",
  "unknown_table",
  "unknown_column",
  "missing_column",
  "untrusted_certificate",
  "tls_handshake_failed",
  "private_host",
] as const)

/**
 * After a configuration error rows fail without a request until a pause is over; then one request tries again. The
 * pause doubles with each try that fails.
 */
export function createBreaker(runtime: Runtime, observe: Observer): Breaker {
  let error: ConfigError | DeliveryError | undefined
  let pauseMs = firstPauseMs
  let openUntil = 0
  let isTrying = false

  function open(cause: ConfigError | DeliveryError): void {
    // Requests that were in flight when the first one failed say nothing new.
    if (error !== undefined && !isTrying) return
    pauseMs = isTrying ? Math.min(pauseMs * 2, longestPauseMs) : firstPauseMs
    openUntil = runtime.now() + pauseMs
    isTrying = false
    error = cause
    observe?.({ type: "breaker", state: "open", code: cause.code })
  }

  function close(): void {
    isTrying = false
    if (error === undefined) return
    observe?.({ type: "breaker", state: "closed", code: error.code })
    error = undefined
  }

  return {
    check() {
      if (error === undefined) return undefined
      if (isTrying || runtime.now() < openUntil) return error
      isTrying = true
      observe?.({ type: "breaker", state: "half_open", code: error.code })
      return undefined
    },
    record(met) {
      if (met?.name === "ConfigError" && breakingCodes.has(met.code)) open(met)
      // A page may be about one event of this request: the search for its cause will tell whether every event meets it.
      else if (met === undefined || met.name === "EventError" || (isTrying && met.code === error?.code))
        close()
      // It says nothing about the configuration, so another request may try.
      else isTrying = false
    },
    open,
  }
}
