import type { InsertRequest, Transport } from "@singlesink/core"

/** A transport that completes the body of each request and sends nothing. */
export interface ReadingTransport extends Transport {
  readonly bytes: number
  /** The size of each body in bytes, in order. */
  readonly sizes: readonly number[]
  /** Sets the counts to zero. */
  reset(): void
}

/**
 * `immediate`: the promise of `send` is already resolved. `later`: it resolves after a macrotask, so that the producer
 * runs ahead of it as it runs ahead of a server.
 */
export function createReadingTransport(answer: "immediate" | "later"): ReadingTransport {
  let sizes: number[] = []
  let bytes = 0
  return {
    database: "events",
    send({ body, bytes: size, rows }: InsertRequest) {
      // V8 builds a string lazily, as a tree of its parts, and reading a character completes it. Core has already
      // counted its bytes, and check.ts checks the count.
      body.charCodeAt(body.length - 1)
      sizes.push(size)
      bytes += size
      const result = { status: "inserted", rowsAffected: rows } as const
      return answer === "immediate"
        ? Promise.resolve(result)
        : new Promise(resolve => setImmediate(resolve, result))
    },
    get bytes() {
      return bytes
    },
    get sizes() {
      return sizes
    },
    reset() {
      sizes = []
      bytes = 0
    },
  }
}
