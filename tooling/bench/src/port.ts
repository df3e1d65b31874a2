import type { InsertRequest, SinkApi } from "@singlesink/core"

/** A port that sends nothing, but finishes what it would send. */
export interface ReadingPort extends SinkApi {
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
export function createReadingPort(answer: "at once" | "later"): ReadingPort {
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
      const reply = { rowsAffected: rows }
      return answer === "at once"
        ? Promise.resolve(reply)
        : new Promise(resolve => setImmediate(resolve, reply))
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
