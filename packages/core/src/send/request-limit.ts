import type { Observer } from "../observer.ts"
import type { Runtime } from "../runtime.ts"

/** The largest request that is sent now. A proxy may take less than the configured limit. */
export interface RequestLimit {
  maxBytes(): number
  /** Notes that a request of these bytes was too large. */
  reduce(bytes: number): void
}

/** After this time a larger request is tried again, because the proxy may be gone. */
const reducedForMs = 300_000

export function createRequestLimit(configured: number, runtime: Runtime, observe: Observer): RequestLimit {
  let reduced: { maxBytes: number; until: number } | undefined

  return {
    maxBytes() {
      if (reduced === undefined) return configured
      if (runtime.now() < reduced.until) return reduced.maxBytes
      reduced = undefined
      observe?.({ type: "reduced_limit", maxBytes: undefined })
      return configured
    },
    reduce(bytes) {
      const maxBytes = Math.ceil(bytes / 2)
      if (reduced !== undefined && reduced.maxBytes <= maxBytes) return
      reduced = { maxBytes, until: runtime.now() + reducedForMs }
      observe?.({ type: "reduced_limit", maxBytes })
    },
  }
}
