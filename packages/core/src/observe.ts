import type { SinkErrorCode } from "./errors.ts"

/** Why a batch was cut: a limit, nothing under way, its age, or a caller that does not wait. */
export type CutReason = "rows" | "bytes" | "idle" | "linger" | "deliver" | "flush"

/**
 * What a sink tells of its work: counts, sizes, times and codes, never a value or a secret. It is enough for
 * metrics and spans; see docs/observing.md.
 */
export type SinkEvent =
  | { type: "batch"; reason: CutReason; rows: number; bytes: number }
  /** One request has ended. `attempt` counts from 1; `code` is missing where the rows are stored. */
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
  /** A batch goes on in pieces. */
  | { type: "split"; rows: number; bytes: number; code: SinkErrorCode | "too_large" }
  /** Requests are kept to `maxBytes` for a while, since a larger one was refused; undefined when that is over. */
  | { type: "learned_cap"; maxBytes: number | undefined }
  /** After a set-up error rows fail at once; `half_open`: one request tries whether it is mended. */
  | { type: "breaker"; state: "open" | "half_open" | "closed"; code: SinkErrorCode }

/** Undefined where nobody listens: then no event is even made. */
export type Observer = ((event: SinkEvent) => void) | undefined

/**
 * An observer is told in a microtask, in order: so it may call the sink, and finds it in no half-done state. One that
 * throws is a mistake in the observer, and must not cost an event.
 */
export function toObserver(observe: (event: SinkEvent) => void): Observer {
  let untold: SinkEvent[] = []

  function tell(): void {
    const events = untold
    untold = []
    for (const event of events) {
      try {
        observe(event)
      } catch {}
    }
  }

  return event => {
    if (untold.push(event) === 1) void Promise.resolve().then(tell)
  }
}
