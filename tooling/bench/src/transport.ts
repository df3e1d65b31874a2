import type { InsertRequest, Transport } from "@singlesink/core"

/** A transport that sends nothing, but completes the body of each request. */
export interface ReadingTransport extends Transport {
  readonly bytes: number
  /** The bytes of each request's body, in order. */
  readonly sizes: readonly number[]
  /** Forgets what was counted. */
  reset(): void
}

/**
 * `at once`: the answer is there when `send` returns. `later`: it comes after a macrotask, so that whoever writes runs
 * ahead as it would of a server.
 */
export function createReadingTransport(answer: "at once" | "later"): ReadingTransport {
  let sizes: number[] = []
  let bytes = 0
  return {
    database: "events",
    send({ body, bytes: size, rows }: InsertRequest) {
      // A string that nobody read is not finished: it may still be a tree of its parts, and reading makes it one piece.
      // Its bytes were counted already, by core, and check.ts sees to it that they are right.
      body.charCodeAt(body.length - 1)
      sizes.push(size)
      bytes += size
      const result = { status: "inserted", rowsAffected: rows } as const
      return answer === "at once"
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
