import { expect } from "vitest"
import type { AnalyticsEvent } from "../event.ts"
import type { InsertReply, InsertRequest, SinkApi } from "../port.ts"

export const eventOf = (id: number | string, rest: object = {}): AnalyticsEvent => ({
  messageId: `m${id}`,
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
  ...rest,
})

export const eventsOf = (count: number, from = 0): AnalyticsEvent[] =>
  Array.from({ length: count }, (_, index) => eventOf(from + index))

export const idsOf = (events: readonly AnalyticsEvent[]): unknown[] => events.map(event => event.messageId)

/** The ids in a request, read from its body as the server would. */
export function idsIn({ body }: InsertRequest): string[] {
  const { sql, args } = JSON.parse(body) as { sql: string; args: unknown[] }
  const columns = sql.slice(0, sql.indexOf("VALUES")).split(",").length
  expect(sql.match(/\?/g)).toHaveLength(args.length)
  return args.filter((_, index) => index % columns === 0) as string[]
}

export interface TestPort extends SinkApi {
  readonly requests: InsertRequest[]
  /** From now on answers are held back, until `release`. */
  hold(): void
  release(): void
  /** Answers the oldest request that is held. */
  releaseOne(): void
}

/** A port that is a function. It checks what every request must be. */
export function createPort(
  answer: (request: InsertRequest) => InsertReply = ({ rows }) => ({ rowsAffected: rows }),
): TestPort {
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
      for (const go of held.splice(0)) go()
    },
    releaseOne: () => held.shift()?.(),
    database: "db",
    async send(request) {
      expect(request.bytes).toBe(Buffer.byteLength(request.body))
      requests.push(request)
      if (holds) await new Promise<void>(resolve => held.push(resolve))
      return answer(request)
    },
  }
}

/** Lets every microtask that is due run; nothing here waits for time. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
