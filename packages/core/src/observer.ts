import { runCallback } from "./callback.ts"
import type { SinkErrorCode } from "./errors.ts"

/**
 * Why a batch was closed: a limit was reached, no request was in flight, its first row reached `lingerMs`, or a
 * `writeBatch` or `flush` does not wait.
 */
export type BatchReason = "rows" | "bytes" | "idle" | "linger" | "write_batch" | "flush"

/**
 * What a sink reports to `observe`: counts, sizes, durations and codes, never values or secrets. docs/observing.md shows
 * how to turn these into metrics and spans.
 */
export type ObserverEvent =
  | { type: "batch"; reason: BatchReason; rows: number; bytes: number }
  /** A request ended. `attempt` counts from 1; `code` is missing if the rows were stored. */
  | {
      type: "request"
      attempt: number
      rows: number
      bytes: number
      milliseconds: number
      duplicates?: number
      code?: SinkErrorCode | "too_large"
      ambiguous?: boolean
    }
  | { type: "retry"; attempt: number; delayMs: number; code: SinkErrorCode }
  /** An event violates its schema at these paths. */
  | { type: "violation"; paths: readonly string[] }
  /** A batch is sent on in smaller pieces. */
  | { type: "split"; rows: number; bytes: number; code: SinkErrorCode | "too_large" }
  /** Requests stay within `maxBytes` because a larger one was refused; undefined when the configured limit is back. */
  | { type: "reduced_limit"; maxBytes: number | undefined }
  /** `open`: after a configuration error rows fail without a request. `half_open`: one request tries again. */
  | { type: "breaker"; state: "open" | "half_open" | "closed"; code: SinkErrorCode }

/** Undefined without an `observe` option; then no event is created. */
export type Observer = ((event: ObserverEvent) => void) | undefined

/**
 * Calls `observe` in order, in a microtask after the step that it reports, so it can safely call the sink.
 */
export function createObserver(observe: ((event: ObserverEvent) => unknown) | undefined): Observer {
  if (observe === undefined) return undefined
  let reports: ObserverEvent[] = []

  function flush(): void {
    const events = reports
    reports = []
    for (const event of events) runCallback(() => observe?.(event))
  }

  return event => {
    if (reports.push(event) === 1) void Promise.resolve().then(flush)
  }
}
