import type { Observer } from "./observe.ts"
import type { Runtime } from "./runtime.ts"

/** The most bytes that a request has room for now. The limit itself never changes. */
export interface Cap {
  maxBytes(): number
  /** A request of these bytes was too large for something on the way, a proxy perhaps. */
  learn(bytes: number): void
}

/** A larger request is tried again after this: the proxy may be gone. */
const forgetAfterMs = 300_000

export function createCap(limit: number, runtime: Runtime, observe: Observer): Cap {
  let learned: { maxBytes: number; until: number } | undefined

  return {
    maxBytes() {
      if (learned === undefined) return limit
      if (runtime.now() < learned.until) return learned.maxBytes
      learned = undefined
      observe?.({ type: "learned_cap", maxBytes: undefined })
      return limit
    },
    learn(bytes) {
      const maxBytes = Math.ceil(bytes / 2)
      if (learned !== undefined && learned.maxBytes <= maxBytes) return
      learned = { maxBytes, until: runtime.now() + forgetAfterMs }
      observe?.({ type: "learned_cap", maxBytes })
    },
  }
}
