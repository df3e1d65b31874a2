import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { ConfigError, DeliveryError, EventError } from "./errors.ts"
import type { AnalyticsEvent } from "./event.ts"
import type { SinkOptions } from "./options.ts"
import type { InsertReply, InsertRequest } from "./port.ts"
import { createSink, type Sink } from "./sink.ts"

const eventOf = (id: number | string, rest: object = {}): AnalyticsEvent => ({
  messageId: `m${id}`,
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
  ...rest,
})
const eventsOf = (count: number) => Array.from({ length: count }, (_, index) => eventOf(index))

/** The ids in a request, read from its body as the server would. */
function idsIn({ body }: InsertRequest): string[] {
  const { sql, args } = JSON.parse(body) as { sql: string; args: unknown[] }
  const columns = sql.slice(0, sql.indexOf("VALUES")).split(",").length
  expect(sql.match(/\?/g)).toHaveLength(args.length)
  return args.filter((_, index) => index % columns === 0) as string[]
}

/** A port that is a function: it keeps what was sent, and holds answers back until the test lets them go. */
function createPort(
  answer: (request: InsertRequest) => InsertReply = ({ rows }) => ({ rowsAffected: rows }),
) {
  const requests: InsertRequest[] = []
  const waiting: (() => void)[] = []
  let holds = false
  return {
    requests,
    hold: () => (holds = true),
    release() {
      holds = false
      for (const go of waiting.splice(0)) go()
    },
    database: "db",
    async send(request: InsertRequest): Promise<InsertReply> {
      requests.push(request)
      if (holds) await new Promise<void>(resolve => waiting.push(resolve))
      return answer(request)
    },
  }
}

function expectConserved(sink: Sink): void {
  const { received, stored, refused, failed, pending } = sink.stats()
  expect(received).toBe(stored + refused + failed + pending)
}

/** Lets every microtask that is due run; nothing here waits for time. */
const settled = () => new Promise(resolve => setImmediate(resolve))

describe("write", () => {
  test("resolves once the row is committed", async () => {
    const port = createPort()
    port.hold()
    const sink = createSink({ api: port })
    let committed = false
    const write = sink.write(eventOf(1)).then(() => {
      committed = true
    })
    await settled()
    expect(port.requests).toHaveLength(1)
    expect(committed).toBe(false)
    expect(sink.stats()).toMatchObject({ received: 1, pending: 1, stored: 0 })
    port.release()
    await write
    expect(sink.stats()).toMatchObject({ received: 1, pending: 0, stored: 1 })
  })

  test("rejects with the EventError of an event that cannot be a row, and sends nothing", async () => {
    const port = createPort()
    const sink = createSink({ api: port })
    await expect(sink.write({ messageId: "m" })).rejects.toMatchObject({
      name: "EventError",
      column: "timestamp",
    })
    expect(port.requests).toHaveLength(0)
    expect(sink.stats()).toMatchObject({ received: 1, refused: 1, requests: 0 })
  })

  test("rejects with the error that the port throws", async () => {
    const sink = createSink({
      api: createPort(() => {
        throw new DeliveryError({ code: "too_busy", message: "Busy." })
      }),
    })
    await expect(sink.write(eventOf(1))).rejects.toMatchObject({ name: "DeliveryError", code: "too_busy" })
    expect(sink.stats()).toMatchObject({ failed: 1, stored: 0 })
  })

  test("tells of a port that throws something else without repeating it", async () => {
    const sink = createSink({
      api: createPort(() => {
        throw new Error("password=hunter2")
      }),
    })
    const [outcome] = await sink.deliver([eventOf(1)])
    expect(outcome).toMatchObject({ status: "failed", error: { name: "ConfigError" } })
    expect(outcome?.status === "failed" && outcome.error.message).not.toContain("hunter2")
  })
})

describe("group commit", () => {
  test("makes the burst of one tick one request", async () => {
    const port = createPort()
    const sink = createSink({ api: port })
    await Promise.all(eventsOf(100).map(sink.write))
    expect(port.requests).toHaveLength(1)
  })

  test("gathers what comes while a request is under way, in the order it came", async () => {
    const port = createPort()
    port.hold()
    const sink = createSink({ api: port })
    const writes = [sink.write(eventOf(0))]
    await settled()
    for (let id = 1; id < 25; id++) {
      writes.push(sink.write(eventOf(id)))
      await settled()
    }
    expect(port.requests).toHaveLength(1)
    port.release()
    await Promise.all(writes)
    expect(port.requests.map(request => request.rows)).toEqual([1, 24])
    expect(port.requests.flatMap(idsIn)).toEqual(eventsOf(25).map(event => event.messageId))
  })

  test("sends full batches at once, but never more than maxInFlight", async () => {
    const port = createPort()
    port.hold()
    const sink = createSink({ api: port, limits: { maxRows: 10, maxInFlight: 2 } })
    const writes = eventsOf(45).map(sink.write)
    await settled()
    expect(port.requests.map(request => request.rows)).toEqual([10, 10])
    port.release()
    await Promise.all(writes)
    expect(port.requests.map(request => request.rows)).toEqual([10, 10, 10, 10, 5])
  })
})

describe("a request", () => {
  const anyText = fc.string({
    unit: fc.oneof(fc.constantFrom("a", '"', "\\", "é", "李", "😀", "\ud800", "\0", "\n")),
  })

  test("says its exact bytes and never passes maxBytes, for any Unicode; the batches are the events in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ event: anyText, properties: fc.dictionary(anyText, anyText) }), {
          minLength: 1,
        }),
        fc.integer({ min: 700, max: 2_000 }),
        anyText.filter(name => name.length > 0 && name.length < 20),
        async (contents, maxBytes, table) => {
          const port = createPort()
          const sink = createSink({ api: port, table, limits: { maxBytes } })
          const events = contents.map((content, index) => eventOf(index, content))
          const outcomes = await sink.deliver(events)
          for (const request of port.requests) {
            expect(request.bytes).toBe(Buffer.byteLength(request.body))
            expect(request.bytes).toBeLessThanOrEqual(maxBytes)
          }
          const sent = events
            .filter((_, index) => outcomes[index]?.status === "stored")
            .map(event => event.messageId)
          expect(port.requests.flatMap(idsIn)).toEqual(sent)
          expectConserved(sink)
        },
      ),
    )
  })

  test("is filled up to the limit: one byte less and the row goes in the next", async () => {
    const full = createPort()
    await createSink({ api: full }).deliver(eventsOf(10))
    const bytes = full.requests[0]?.bytes ?? 0

    const exact = createPort()
    await createSink({ api: exact, limits: { maxBytes: bytes } }).deliver(eventsOf(10))
    expect(exact.requests.map(request => request.rows)).toEqual([10])

    const short = createPort()
    await createSink({ api: short, limits: { maxBytes: bytes - 1 } }).deliver(eventsOf(10))
    expect(short.requests.map(request => request.rows)).toEqual([9, 1])
  })

  test("may be repeated, since the table has a key and the insert ignores what is there", async () => {
    const port = createPort()
    await createSink({ api: port, table: "t" }).write(eventOf(1))
    expect(port.requests[0]?.repeatable).toBe(true)
    expect(port.requests[0]?.body).toMatch(
      /^{"sql":"INSERT IGNORE INTO `t` \(`messageId`,`timestamp`,.*\) VALUES \(\?,/,
    )
    expect(port.requests[0]?.body).toContain(
      ',"database":"db","args":["m1","2026-11-22 06:13:12.535000","track",null',
    )
  })

  test("that a single row would overfill is not sent: the row is refused with its size and the limit", async () => {
    const port = createPort()
    const [outcome] = await createSink({ api: port, limits: { maxBytes: 1_000 } }).deliver([
      eventOf(1, { properties: { long: "x".repeat(2_000) } }),
    ])
    expect(outcome).toMatchObject({ status: "refused", error: { code: "row_too_large" } })
    expect(outcome?.status === "refused" && outcome.error.message).toMatch(
      /request of 2\d\d\d bytes.*limit of 1000 bytes/,
    )
    expect(port.requests).toHaveLength(0)
  })
})

describe("deliver", () => {
  test("gives one outcome for each event, in order, and a bad one does not sink its neighbours", async () => {
    const sink = createSink({ api: createPort() })
    const outcomes = await sink.deliver([eventOf(1), { type: "track" }, eventOf(2)])
    expect(outcomes.map(outcome => outcome.status)).toEqual(["stored", "refused", "stored"])
  })

  test("of no events is no outcomes", async () => {
    expect(await createSink({ api: createPort() }).deliver([])).toEqual([])
  })

  test("counts rows that were there before as stored, and as duplicates", async () => {
    const sink = createSink({ api: createPort(({ rows }) => ({ rowsAffected: rows - 3 })) })
    await sink.deliver(eventsOf(10))
    expect(sink.stats()).toMatchObject({ received: 10, stored: 10, duplicates: 3, requests: 1, rows: 10 })
  })
})

describe("an answer that a batch did not go through", () => {
  test("as too large is halved by bytes until it fits", async () => {
    const port = createPort(({ rows }) => (rows > 3 ? { tooLarge: true } : { rowsAffected: rows }))
    const sink = createSink({ api: port })
    const outcomes = await sink.deliver(eventsOf(20))
    expect(outcomes.every(outcome => outcome.status === "stored")).toBe(true)
    expect(port.requests.filter(request => request.rows <= 3).flatMap(idsIn)).toEqual(
      eventsOf(20).map(event => event.messageId),
    )
    for (const request of port.requests) expect(request.bytes).toBe(Buffer.byteLength(request.body))
    expect(sink.stats().splits).toBe(port.requests.filter(request => request.rows > 3).length)
  })

  test("as too large for a single row refuses that row", async () => {
    const sink = createSink({ api: createPort(() => ({ tooLarge: true })) })
    const outcomes = await sink.deliver(eventsOf(2))
    expect(outcomes).toMatchObject(Array(2).fill({ status: "refused", error: { code: "row_too_large" } }))
  })

  test("as a bad value refuses the bad row only", async () => {
    const port = createPort(request => {
      if (idsIn(request).includes("m7")) throw new EventError({ code: "value_refused", message: "No." })
      return { rowsAffected: request.rows }
    })
    const sink = createSink({ api: port })
    const outcomes = await sink.deliver(eventsOf(16))
    expect(outcomes.map(outcome => outcome.status).indexOf("refused")).toBe(7)
    expect(sink.stats()).toMatchObject({ stored: 15, refused: 1, failed: 0 })
  })

  test("as a wrong set-up fails every row of it and is not tried in pieces", async () => {
    const error = new ConfigError({ code: "unknown_table", message: "No table." })
    const port = createPort(() => {
      throw error
    })
    const outcomes = await createSink({ api: port }).deliver(eventsOf(5))
    expect(outcomes).toEqual(Array(5).fill({ status: "failed", error }))
    expect(port.requests).toHaveLength(1)
  })
})

test("received = stored + refused + failed + pending, whatever comes back in whatever order", async () => {
  const verdicts = fc.constantFrom("stored", "too large", "bad value", "set-up", "busy")
  await fc.assert(
    fc.asyncProperty(fc.array(verdicts, { maxLength: 40 }), fc.nat({ max: 60 }), async (answers, count) => {
      const port = createPort(({ rows }) => {
        const answer = answers.shift() ?? "stored"
        if (answer === "too large") return { tooLarge: true }
        if (answer === "bad value") throw new EventError({ code: "value_refused", message: "No." })
        if (answer === "set-up") throw new ConfigError({ code: "access_denied", message: "No." })
        if (answer === "busy") throw new DeliveryError({ code: "too_busy", message: "No." })
        return { rowsAffected: rows }
      })
      const sink = createSink({ api: port, limits: { maxRows: 7 } } satisfies SinkOptions)
      const delivery = sink.deliver([...eventsOf(count), { type: "broken" }])
      expectConserved(sink)
      const outcomes = await delivery
      expectConserved(sink)
      expect(outcomes).toHaveLength(count + 1)
      expect(sink.stats()).toMatchObject({ received: count + 1, pending: 0 })
    }),
  )
})
