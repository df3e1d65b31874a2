import type { Observer } from "../observer.ts"
import type { Runtime } from "../runtime.ts"

/** The largest request that is sent now. A proxy may take less than the configured limit. */
export interface RequestLimit {
  maxBytes(): number
  /** Notes that a request of these bytes was stored. If it is larger than what was refused, the rows were to blame. */
  accept(bytes: number): void
  /** Notes that a request of these bytes was too large. */
  reduce(bytes: number): void
  /**
   * Notes whether the answer to a request of these bytes was lost. Some proxies reset large requests instead of answering
   * them, so after two losses in a row the limit is reduced, and this returns true.
   */
  note(bytes: number, isLost: boolean): boolean
}

/** A request of this size is not large: its loss has another cause. */
const smallBytes = 8_192
const maxLosses = 2

/** After this time a larger request is tried again, because the proxy may be gone. */
const reducedForMs = 300_000

export function createRequestLimit(configured: number, runtime: Runtime, observe: Observer): RequestLimit {
  let reduced: { maxBytes: number; until: number } | undefined
  let losses = 0

  function reduce(bytes: number): void {
    const maxBytes = Math.ceil(bytes / 2)
    if (reduced !== undefined && reduced.maxBytes <= maxBytes) return
    reduced = { maxBytes, until: runtime.now() + reducedForMs }
    observe?.({ type: "reduced_limit", maxBytes })
  }

  function restore(): void {
    reduced = undefined
    observe?.({ type: "reduced_limit", maxBytes: undefined })
  }

  return {
    maxBytes() {
      if (reduced === undefined) return configured
      if (runtime.now() < reduced.until) return reduced.maxBytes
      restore()
      return configured
    },
    accept(bytes) {
      // The limit is half of what was refused.
      if (reduced !== undefined && bytes > 2 * reduced.maxBytes) restore()
    },
    reduce,
    note(bytes, isLost) {
      if (bytes <= smallBytes) return false
      losses = isLost ? losses + 1 : 0
      if (losses < maxLosses) return false
      losses = 0
      reduce(bytes)
      return true
    },
  }
}
