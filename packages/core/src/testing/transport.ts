import { expect } from "vitest"
import { isSinkError } from "../errors.ts"
import type { InsertRequest, InsertResult, Transport } from "../transport.ts"

interface TestEvent {
  readonly messageId: string
  readonly [field: string]: unknown
}

export const eventOf = (id: number | string, rest: object = {}): TestEvent => ({
  messageId: `m${id}`,
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
  ...rest,
})

export const eventsOf = (count: number, from = 0): TestEvent[] =>
  Array.from({ length: count }, (_, index) => eventOf(from + index))

export const idsOf = (events: readonly TestEvent[]): string[] => events.map(event => event.messageId)

/** The ids in a request, read from its body as the server reads it. */
export function idsIn({ body }: InsertRequest): string[] {
  const { sql, args } = JSON.parse(body) as { sql: string; args: unknown[] }
  const columns = sql.slice(0, sql.indexOf("VALUES")).split(",").length
  expect(sql.match(/\?/g)).toHaveLength(args.length)
  return args.filter((_, index) => index % columns === 0) as string[]
}

export interface TestTransport extends Transport {
  readonly requests: InsertRequest[]
  /** Holds every answer back until `release`. */
  hold(): void
  release(): void
  /** Answers the oldest request that is held back. */
  releaseOne(): void
}

export const inserted = ({ rows }: { rows: number }): InsertResult => ({
  status: "inserted",
  rowsAffected: rows,
})
export const tooLarge: InsertResult = { status: "too_large" }

/** A transport that answers with a function. It checks every request, and turns a SinkError that is thrown into a result. */
export function createTransport(answer: (request: InsertRequest) => InsertResult = inserted): TestTransport {
  const requests: InsertRequest[] = []
  const held: (() => void)[] = []
  let holds = false
  return {
    requests,
    hold() {
      holds = true
    },
    release() {
      holds = false
      for (const answerHeld of held.splice(0)) answerHeld()
    },
    releaseOne: () => held.shift()?.(),
    database: "db",
    async send(request) {
      expect(request.bytes).toBe(Buffer.byteLength(request.body))
      requests.push(request)
      if (holds) await new Promise<void>(resolve => held.push(resolve))
      try {
        return answer(request)
      } catch (error) {
        if (!isSinkError(error)) throw error
        return { status: "error", error }
      }
    },
  }
}

/** Resolves when no microtask is left. No time passes. */
export const flushMicrotasks = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
