import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { ConfigError, DeliveryError, EventError } from "./errors.ts"
import { createSink, type Sink } from "./sink.ts"
import { createClock } from "./testing/clock.ts"
import {
  createTransport,
  eventOf,
  eventsOf,
  flushMicrotasks,
  idsIn,
  idsOf,
  tooLarge,
} from "./testing/transport.ts"

function expectConserved(sink: Sink): void {
  const { received, stored, rejected, failed, pending } = sink.stats()
  expect(received).toBe(stored + rejected + failed + pending)
}

describe("write", () => {
  test("write resolves when the row is committed", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport })
    let committed = false
    const write = sink.write(eventOf(1)).then(() => {
      committed = true
    })
    await flushMicrotasks()
    expect(transport.requests).toHaveLength(1)
    expect(committed).toBe(false)
    expect(sink.stats()).toMatchObject({ received: 1, pending: 1, stored: 0 })
    transport.release()
    await write
    expect(sink.stats()).toMatchObject({ received: 1, pending: 0, stored: 1 })
  })

  test("write rejects with an EventError if the event cannot become a row, and sends nothing", async () => {
    const transport = createTransport()
    const sink = createSink({ transport })
    await expect(sink.write({ messageId: "m" })).rejects.toMatchObject({
      name: "EventError",
      column: "timestamp",
    })
    expect(transport.requests).toHaveLength(0)
    expect(sink.stats()).toMatchObject({ received: 1, rejected: 1, requests: 0 })
  })

  test("write rejects with the error that the transport returns", async () => {
    const sink = createSink({
      transport: createTransport(() => {
        throw new DeliveryError({ code: "overloaded", message: "Busy." })
      }),
      retry: false,
    })
    await expect(sink.write(eventOf(1))).rejects.toMatchObject({ name: "DeliveryError", code: "overloaded" })
    expect(sink.stats()).toMatchObject({ failed: 1, stored: 0 })
  })

  test("The error of a transport that throws does not repeat the message of the thrown error", async () => {
    const sink = createSink({
      transport: createTransport(() => {
        throw new Error("password=hunter2")
      }),
    })
    const [outcome] = await sink.writeBatch([eventOf(1)])
    expect(outcome).toMatchObject({
      status: "failed",
      error: { name: "ConfigError", code: "invalid_transport", ambiguous: true },
    })
    expect(outcome?.status === "failed" && outcome.error.message).not.toContain("hunter2")
  })
})

describe("group commit", () => {
  test("All writes of one tick share a request", async () => {
    const transport = createTransport()
    const sink = createSink({ transport })
    await Promise.all(eventsOf(100).map(sink.write))
    expect(transport.requests).toHaveLength(1)
  })

  test("Writes that come while a request is in flight share the next one, in the order in which they came", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport })
    const writes = [sink.write(eventOf(0))]
    await flushMicrotasks()
    for (let id = 1; id < 25; id++) {
      writes.push(sink.write(eventOf(id)))
      await flushMicrotasks()
    }
    expect(transport.requests).toHaveLength(1)
    transport.release()
    await Promise.all(writes)
    expect(transport.requests.map(request => request.rows)).toEqual([1, 24])
    expect(transport.requests.flatMap(idsIn)).toEqual(idsOf(eventsOf(25)))
  })

  test("Full batches leave at once, but at most maxInFlight are in flight", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport, limits: { maxRows: 10, maxInFlight: 2 } })
    const writes = eventsOf(45).map(sink.write)
    await flushMicrotasks()
    expect(transport.requests.map(request => request.rows)).toEqual([10, 10])
    transport.release()
    await Promise.all(writes)
    expect(transport.requests.map(request => request.rows)).toEqual([10, 10, 10, 10, 5])
  })
})

describe("a request", () => {
  const anyText = fc.string({
    unit: fc.oneof(fc.constantFrom("a", '"', "\\", "é", "李", "😀", "\ud800", "\0", "\n")),
  })

  test("A request reports its exact bytes and stays within maxBytes, for any Unicode, and rows keep their order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ event: anyText, properties: fc.dictionary(anyText, anyText) }), {
          minLength: 1,
        }),
        fc.integer({ min: 700, max: 2_000 }),
        anyText.filter(name => name.length > 0 && name.length < 20),
        async (contents, maxBytes, table) => {
          const transport = createTransport()
          const sink = createSink({ transport, table, limits: { maxBytes } })
          const events = contents.map((content, index) => eventOf(index, content))
          const outcomes = await sink.writeBatch(events)
          for (const request of transport.requests) {
            expect(request.bytes).toBe(Buffer.byteLength(request.body))
            expect(request.bytes).toBeLessThanOrEqual(maxBytes)
          }
          const sent = events
            .filter((_, index) => outcomes[index]?.status === "stored")
            .map(event => event.messageId)
          expect(transport.requests.flatMap(idsIn)).toEqual(sent)
          expectConserved(sink)
        },
      ),
    )
  })

  test("A request is filled up to the last byte of its limit", async () => {
    const full = createTransport()
    await createSink({ transport: full }).writeBatch(eventsOf(10))
    const bytes = full.requests[0]?.bytes ?? 0

    const exact = createTransport()
    await createSink({ transport: exact, limits: { maxBytes: bytes } }).writeBatch(eventsOf(10))
    expect(exact.requests.map(request => request.rows)).toEqual([10])

    const short = createTransport()
    await createSink({ transport: short, limits: { maxBytes: bytes - 1 } }).writeBatch(eventsOf(10))
    expect(short.requests.map(request => request.rows)).toEqual([9, 1])
  })

  test("A request to a table with deduplication ignores existing rows and so can be repeated", async () => {
    const transport = createTransport()
    await createSink({ transport, table: "t" }).write(eventOf(1))
    expect(transport.requests[0]?.idempotent).toBe(true)
    expect(transport.requests[0]?.body).toMatch(
      /^{"sql":"INSERT IGNORE INTO `t` \(`messageId`,`timestamp`,.*\) VALUES \(\?,/,
    )
    expect(transport.requests[0]?.body).toContain(
      ',"database":"db","args":["m1","2026-11-22 06:13:12.535000","track",null',
    )
  })

  test("A row that is too large for any request is rejected with its size and the limit, and is not sent", async () => {
    const transport = createTransport()
    const [outcome] = await createSink({ transport, limits: { maxBytes: 1_000 } }).writeBatch([
      eventOf(1, { properties: { long: "x".repeat(2_000) } }),
    ])
    expect(outcome).toMatchObject({ status: "rejected", error: { code: "row_too_large" } })
    expect(outcome?.status === "rejected" && outcome.error.message).toMatch(
      /^The event is too large: its request has 2\d\d\d bytes \(limit 1000\)\. Reduce its size\. \[row_too_large\]$/,
    )
    expect(transport.requests).toHaveLength(0)
  })
})

describe("writeBatch", () => {
  test("writeBatch resolves to one outcome for each event in order, and a bad event does not affect its neighbours", async () => {
    const sink = createSink({ transport: createTransport() })
    const outcomes = await sink.writeBatch([eventOf(1), { type: "track" }, eventOf(2)])
    expect(outcomes.map(outcome => outcome.status)).toEqual(["stored", "rejected", "stored"])
  })

  test("writeBatch without events resolves to no outcomes", async () => {
    expect(await createSink({ transport: createTransport() }).writeBatch([])).toEqual([])
  })

  test("Rows that were in the table before count as stored and as duplicates", async () => {
    const sink = createSink({
      transport: createTransport(({ rows }) => ({ status: "inserted", rowsAffected: rows - 3 })),
    })
    await sink.writeBatch(eventsOf(10))
    expect(sink.stats()).toMatchObject({ received: 10, stored: 10, duplicates: 3, requests: 1, rows: 10 })
  })
})

describe("flush", () => {
  test("flush sends lingering rows and resolves when every row accepted before it has its outcome", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport, runtime: createClock().runtime })
    void sink.write(eventOf(1))
    await flushMicrotasks()
    void sink.write(eventOf(2))
    let flushed = false
    const flush = sink.flush().then(() => {
      flushed = true
    })
    await flushMicrotasks()
    expect(transport.requests.map(idsIn)).toEqual([["m1"], ["m2"]])
    void sink.write(eventOf(3))
    expect(flushed).toBe(false)
    transport.releaseOne()
    transport.releaseOne()
    await flush
    expect(sink.stats()).toMatchObject({ stored: 2, pending: 1 })
    transport.release()
  })

  test("flush of an empty sink resolves", async () => {
    await createSink({ transport: createTransport() }).flush()
  })
})

describe("close", () => {
  test("close sends every accepted event, and fails every event that comes later", async () => {
    const transport = createTransport()
    const sink = createSink({ transport })
    const write = sink.write(eventOf(1))
    expect(await sink.close()).toEqual({ undelivered: [] })
    await expect(write).resolves.toBeUndefined()
    await expect(sink.write(eventOf(2))).rejects.toMatchObject({
      name: "DeliveryError",
      code: "closed",
      ambiguous: false,
    })
    expect(await sink.writeBatch([eventOf(3)])).toMatchObject([
      { status: "failed", error: { code: "closed" } },
    ])
    expect(sink.stats()).toMatchObject({ received: 3, stored: 1, failed: 2, pending: 0, requests: 1 })
  })

  test("close returns the undelivered events at the deadline in order, and marks those in flight as ambiguous", async () => {
    const clock = createClock()
    const transport = createTransport()
    transport.hold()
    const sink = createSink({
      transport,
      runtime: clock.runtime,
      limits: { maxRows: 2, maxInFlight: 1 },
    })
    const events = eventsOf(5)
    const writes = Promise.allSettled(events.map(sink.write))
    await flushMicrotasks()
    const close = sink.close({ deadlineMs: 5_000 })
    await clock.advance(4_999)
    expectConserved(sink)
    expect(sink.stats().pending).toBe(5)
    await clock.advance(1)
    expect(await close).toEqual({ undelivered: events })
    expect((await writes).map(result => result.status === "rejected" && result.reason.ambiguous)).toEqual([
      ...[true, true, false, false, false],
    ])
    expect(sink.stats()).toMatchObject({ received: 5, failed: 5, pending: 0 })
    transport.release()
    await flushMicrotasks()
    expect(transport.requests).toHaveLength(1)
    expect(sink.stats()).toMatchObject({ received: 5, stored: 0, failed: 5, pending: 0 })
  })

  test("close returns only those events of a writeBatch that have no outcome", async () => {
    const clock = createClock()
    const transport = createTransport()
    const sink = createSink({
      transport,
      runtime: clock.runtime,
      limits: { maxRows: 2, maxInFlight: 1 },
    })
    transport.hold()
    const events = eventsOf(5)
    const batch = sink.writeBatch(events)
    await flushMicrotasks()
    transport.releaseOne()
    await flushMicrotasks()
    const close = sink.close({ deadlineMs: 10 })
    await clock.advance(10)
    expect(await close).toEqual({ undelivered: events.slice(2) })
    const outcomes = await batch
    expect(outcomes.map(({ status }) => status)).toEqual(["stored", "stored", "failed", "failed", "failed"])
    const messages = outcomes.map(outcome => (outcome.status === "failed" ? outcome.error.message : ""))
    expect(messages[2]).toBe(
      "The sink was closed before the event had an outcome. Send it again. A request may have stored the event. [closed]",
    )
    expect(messages[4]).toBe("The sink was closed before the event had an outcome. Send it again. [closed]")
    transport.release()
  })

  test("The deadline of close ends every wait, even if a request hangs", async () => {
    const clock = createClock()
    const transport = createTransport()
    transport.hold()
    const limits = { maxQueuedRows: 1, maxInFlight: 1 }
    const sink = createSink({ transport, runtime: clock.runtime, limits })
    for (const event of eventsOf(3)) {
      sink.write(event).catch(() => {})
      await flushMicrotasks()
    }
    const ended: string[] = []
    void sink.ready().then(() => ended.push("ready"))
    void sink.flush().then(() => ended.push("flush"))
    void sink.close().then(() => ended.push("close"))
    void sink.close({ deadlineMs: 10 }).then(({ undelivered }) => ended.push(`${undelivered.length} left`))
    await clock.advance(9)
    expect(ended).toEqual([])
    await clock.advance(1)
    expect(ended.sort()).toEqual(["3 left", "close", "flush", "ready"])
  })

  test("The deadline of close is quick even if 20,000 events are left", async () => {
    const clock = createClock()
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport, runtime: clock.runtime, limits: { maxRows: 500 } })
    const count = 20_000
    for (const event of eventsOf(count)) sink.write(event).catch(() => {})
    await flushMicrotasks()
    const close = sink.close({ deadlineMs: 1 })
    await clock.advance(1)
    expect((await close).undelivered).toHaveLength(count)
    expect(sink.stats()).toMatchObject({ received: count, failed: count, pending: 0 })
  })

  test.each([Number.NaN, -1])(
    "close rejects a deadline of %s, and the sink continues to accept events",
    async deadlineMs => {
      const sink = createSink({ transport: createTransport() })
      await expect(sink.close({ deadlineMs })).rejects.toMatchObject({
        name: "ConfigError",
        code: "invalid_options",
        message: "Invalid options for close: `deadlineMs` must be a number of 0 or more. [invalid_options]",
        issues: [{ path: "deadlineMs" }],
      })
      await sink.write(eventOf(1))
    },
  )

  test("A deadline that is too long for a timer is the same as none", async () => {
    const sink = createSink({ transport: createTransport() })
    void sink.write(eventOf(1))
    expect(await sink.close({ deadlineMs: Number.POSITIVE_INFINITY })).toEqual({ undelivered: [] })
    expect(sink.stats()).toMatchObject({ stored: 1, failed: 0 })
  })

  test("Closing twice closes once and cancels a deadline that is not needed", async () => {
    const clock = createClock()
    const sink = createSink({ transport: createTransport(), runtime: clock.runtime })
    await Promise.all([sink.close({ deadlineMs: 1_000 }), sink.close()])
    expect(clock.sleepers.size).toBe(0)
  })

  test("close ends the delay before a retry for one last attempt", async () => {
    const clock = createClock()
    const transport = createTransport(() => {
      throw new DeliveryError({ code: "overloaded", message: "Busy." })
    })
    const sink = createSink({ transport, runtime: clock.runtime })
    const batch = sink.writeBatch([eventOf(1)])
    await flushMicrotasks()
    expect(transport.requests).toHaveLength(1)
    await sink.close()
    expect(await batch).toMatchObject([{ status: "failed", error: { code: "overloaded" } }])
    expect(transport.requests).toHaveLength(2)
    expect(clock.sleepers.size).toBe(0)
  })
})

describe("abort", () => {
  test("An abort ends a writeBatch at once, and reports for each event whether it may be stored", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport, limits: { maxRows: 2, maxInFlight: 1 } })
    const abort = new AbortController()
    const batch = sink.writeBatch([...eventsOf(3), { type: "bad" }], { signal: abort.signal })
    const other = sink.writeBatch([eventOf("other")])
    await flushMicrotasks()
    abort.abort()
    const outcomes = await batch
    expect(outcomes.map(outcome => outcome.status)).toEqual(["failed", "failed", "failed", "rejected"])
    const errors = outcomes.map(outcome => (outcome.status === "failed" ? outcome.error : undefined))
    expect(errors.map(error => error?.message).slice(1, 3)).toEqual([
      "The write was aborted before the event had an outcome. Send it again. A request may have stored the event. [aborted]",
      "The write was aborted before the event had an outcome. Send it again. [aborted]",
    ])
    expect(errors.slice(0, 3)).toMatchObject([
      { code: "aborted", ambiguous: true },
      { code: "aborted", ambiguous: true },
      { code: "aborted", ambiguous: false },
    ])
    transport.release()
    expect(await other).toEqual([{ status: "stored" }])
    expect(transport.requests.map(idsIn)).toEqual([["m0", "m1"], ["mother"]])
    expect(sink.stats()).toMatchObject({ received: 5, stored: 1, rejected: 1, failed: 3, pending: 0 })
  })

  test("A writeBatch with a signal that is aborted already sends nothing", async () => {
    const transport = createTransport()
    const outcomes = await createSink({ transport }).writeBatch(eventsOf(2), {
      signal: AbortSignal.abort(),
    })
    expect(outcomes).toMatchObject(
      Array(2).fill({ status: "failed", error: { code: "aborted", ambiguous: false } }),
    )
    await flushMicrotasks()
    expect(transport.requests).toHaveLength(0)
  })

  test("A writeBatch that has ended leaves no listener on its signal", async () => {
    const listeners = new Set<unknown>()
    const signal = {
      aborted: false,
      addEventListener: (_: string, listener: unknown) => void listeners.add(listener),
      removeEventListener: (_: string, listener: unknown) => void listeners.delete(listener),
    }
    const sink = createSink({ transport: createTransport() })
    await sink.writeBatch([eventOf(1)], { signal })
    await sink.writeBatch([{ type: "bad" }], { signal })
    await sink.writeBatch([], { signal })
    expect(listeners.size).toBe(0)
  })
})

test("A caller that reuses its array still gets an outcome for each event that it passed", async () => {
  const transport = createTransport()
  transport.hold()
  const sink = createSink({ transport, limits: { maxInFlight: 1 } })
  void sink.write(eventOf("busy"))
  await flushMicrotasks()
  const abort = new AbortController()
  const buffer = eventsOf(3)
  const batch = sink.writeBatch(buffer, abort)
  buffer.length = 0
  abort.abort()
  expect(await batch).toHaveLength(3)
  expect(sink.stats()).toMatchObject({ failed: 3, pending: 1 })
  transport.release()
})

test("The rows of an aborted writeBatch leave the queue", async () => {
  const transport = createTransport()
  transport.hold()
  const sink = createSink({ transport, limits: { maxInFlight: 1, maxQueuedRows: 3 } })
  void sink.write(eventOf("busy"))
  await flushMicrotasks()
  const abort = new AbortController()
  const batch = sink.writeBatch(eventsOf(3), abort)
  let isReady = false
  void sink.ready().then(() => {
    isReady = true
  })
  await flushMicrotasks()
  expect(isReady).toBe(false)
  abort.abort()
  await batch
  await flushMicrotasks()
  expect(isReady).toBe(true)
  transport.release()
})

describe("ready", () => {
  test("ready waits while the queue is full by rows", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({
      transport,
      limits: { maxRows: 2, maxInFlight: 1, maxQueuedRows: 4 },
    })
    // One row is in flight, and four wait.
    for (const event of eventsOf(5)) {
      await sink.ready()
      void sink.write(event)
    }
    let isReady = false
    const ready = sink.ready().then(() => {
      isReady = true
    })
    await flushMicrotasks()
    expect(isReady).toBe(false)
    transport.releaseOne()
    await ready
    transport.release()
    await sink.flush()
    expect(sink.stats()).toMatchObject({ stored: 5 })
  })

  test("ready waits while the queue is full by bytes", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport, limits: { maxInFlight: 1, maxQueuedBytes: 10_000 } })
    void sink.write(eventOf(0))
    await flushMicrotasks()
    void sink.write(eventOf(1, { properties: { long: "x".repeat(10_000) } }))
    let isReady = false
    const ready = sink.ready().then(() => {
      isReady = true
    })
    await flushMicrotasks()
    expect(isReady).toBe(false)
    transport.release()
    await ready
  })
})

describe("a transport that breaks its contract", () => {
  test.each<[string, unknown]>([
    ["resolves to nothing", async () => undefined],
    ["resolves to an empty object", async () => ({})],
    ["resolves to a string", async () => "ok"],
    ["resolves to NaN as rowsAffected", async () => ({ status: "inserted", rowsAffected: Number.NaN })],
    ["returns no promise and no result", () => ({ ok: true })],
    [
      "throws synchronously",
      () => {
        throw new Error("hunter2")
      },
    ],
    ["rejects with undefined", () => Promise.reject()],
    [
      "resolves to an error that is not one of the three",
      async () => ({ status: "error", error: new Error("hunter2") }),
    ],
    ["resolves to an error status without an error", async () => ({ status: "error" })],
  ])(
    "The rows of a transport that %s fail with an ambiguous error that names the contract",
    async (_, send) => {
      const sink = createSink({ transport: { database: "db", send: send as never } })
      const [outcome] = await sink.writeBatch([eventOf(1)])
      expect(outcome).toMatchObject({
        status: "failed",
        error: { code: "invalid_transport", ambiguous: true },
      })
      const message = outcome?.status === "failed" ? outcome.error.message : ""
      expect(message).toBe("`transport.send` must resolve to an InsertResult. [invalid_transport]")
      expect(message).not.toContain("hunter2")
      expect(sink.stats()).toMatchObject({ failed: 1, duplicates: 0, pending: 0 })
    },
  )

  test("An invalid result does not send rows again", async () => {
    const transport = createTransport(() => ({}) as never)
    await createSink({ transport, deduplicate: false }).writeBatch(eventsOf(4))
    expect(transport.requests.map(({ rows }) => rows)).toEqual([4])
  })

  test("A result without a status is invalid, even if it has rowsAffected", async () => {
    const transport = createTransport(({ rows }) => ({ tooLarge: false, rowsAffected: rows }) as never)
    expect(await createSink({ transport }).writeBatch(eventsOf(2))).toMatchObject(
      Array(2).fill({ status: "failed", error: { code: "invalid_transport", ambiguous: true } }),
    )
    expect(transport.requests).toHaveLength(1)
  })

  test("A transport that rejects with a revoked proxy yields invalid_transport", async () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const sink = createSink({ transport: { database: "db", send: () => Promise.reject(proxy) } })
    expect(await sink.writeBatch([eventOf(1)])).toMatchObject([
      { status: "failed", error: { code: "invalid_transport", ambiguous: true } },
    ])
  })

  test("Every event that a transport writes during a request has an outcome, even while the sink closes", async () => {
    const writes: Promise<unknown>[] = []
    let left = 5
    const sink: Sink = createSink({
      transport: createTransport(({ rows }) => {
        if (left-- > 0) writes.push(sink.write(eventOf(`transport ${left}`)).catch(error => error.code))
        return { status: "inserted", rowsAffected: rows }
      }),
    })
    void sink.write(eventOf(1))
    await sink.close()
    expect(sink.stats().pending).toBe(0)
    expect(await Promise.all(writes)).toEqual(Array(writes.length).fill("closed"))
  })

  test("A transport that reports more rows than were sent causes no negative number of duplicates", async () => {
    const sink = createSink({ transport: createTransport(() => ({ status: "inserted", rowsAffected: 99 })) })
    await sink.writeBatch(eventsOf(3))
    expect(sink.stats()).toMatchObject({ stored: 3, duplicates: 0 })
  })
})

describe("an observer that writes", () => {
  test("An observer can write events at any report", async () => {
    const transport = createTransport()
    const writes: Promise<void>[] = []
    let left = 20
    const sink: Sink = createSink({
      transport,
      limits: { maxRows: 2 },
      observe: () => {
        if (left-- > 0) writes.push(sink.write(eventOf(`observed ${left}`)))
      },
    })
    await sink.writeBatch(eventsOf(5))
    await flushMicrotasks()
    await Promise.all(writes)
    expectConserved(sink)
    expect(sink.stats()).toMatchObject({ received: 25, stored: 25 })
    expect(Math.max(...transport.requests.map(({ rows }) => rows))).toBe(2)
  })
})

test("An event that the caller changes after write is stored as it was", async () => {
  const transport = createTransport()
  const sink = createSink({ transport })
  const event = { ...eventOf(1), properties: { plan: "pro" } }
  const write = sink.write(event)
  event.properties.plan = "free"
  await write
  expect(transport.requests[0]?.body).toContain('{"plan":"pro"}')
})

test("A sink in a runtime without timers sends each batch in one attempt", async () => {
  let failures = 1
  const transport = createTransport(({ rows }) => {
    if (failures-- > 0) throw new DeliveryError({ code: "overloaded", message: "Busy." })
    return { status: "inserted", rowsAffected: rows }
  })
  const sink = createSink({ transport, runtime: { sleep: undefined } })
  await expect(sink.write(eventOf(1))).rejects.toMatchObject({ code: "overloaded" })
  await Promise.all(eventsOf(3, 2).map(sink.write))
  expect(await sink.close({ deadlineMs: 1 })).toEqual({ undelivered: [] })
  expect(transport.requests.map(request => request.rows)).toEqual([1, 3])
})

describe("the counts", () => {
  const verdicts = fc.constantFrom(
    "stored",
    "too large",
    "bad value",
    "unknown",
    "denied",
    "busy",
    "ambiguous",
  )
  const steps = fc.constantFrom("write", "bad write", "writeBatch", "abort", "flush", "wait", "close")

  function createFickleSink(answers: string[], deduplicate: boolean) {
    const clock = createClock()
    const transport = createTransport(({ rows }) => {
      const answer = answers.shift() ?? "stored"
      if (answer === "too large") return tooLarge
      if (answer === "bad value") throw new EventError({ code: "value_rejected", message: "No." })
      if (answer === "unknown") throw new ConfigError({ code: "unexpected_response", message: "No." })
      if (answer === "denied") throw new ConfigError({ code: "access_denied", message: "No." })
      if (answer === "busy") throw new DeliveryError({ code: "overloaded", message: "No." })
      if (answer === "ambiguous")
        throw new DeliveryError({ code: "timeout", message: "No.", ambiguous: true })
      return { status: "inserted", rowsAffected: rows }
    })
    const limits = { maxRows: 7, maxInFlight: 2, lingerMs: 5 }
    return { clock, sink: createSink({ transport, deduplicate, limits, runtime: clock.runtime }) }
  }

  test("The counts add up at every moment of any sequence of calls and answers, and every promise settles", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(verdicts, { maxLength: 40 }),
        fc.array(steps, { maxLength: 40 }),
        fc.boolean(),
        async (answers, plan, deduplicate) => {
          const { clock, sink } = createFickleSink(answers, deduplicate)
          const promises: Promise<unknown>[] = []
          const watch = (write: Promise<void>) =>
            promises.push(write.catch(error => expect(error.code).toBeTypeOf("string")))
          const aborts: AbortController[] = []
          for (const [id, step] of plan.entries()) {
            if (step === "write") watch(sink.write(eventOf(id)))
            if (step === "bad write") watch(sink.write({ type: "bad" }))
            if (step === "writeBatch") {
              const abort = new AbortController()
              aborts.push(abort)
              const events = [...eventsOf(id, 1_000 * id), { type: "bad" }]
              promises.push(
                sink.writeBatch(events, abort).then(outcomes => expect(outcomes).toHaveLength(events.length)),
              )
            }
            if (step === "abort") aborts.pop()?.abort()
            if (step === "flush") promises.push(sink.flush())
            if (step === "wait") await clock.advance(3)
            if (step === "close") promises.push(sink.close({ deadlineMs: 20 }))
            expectConserved(sink)
          }
          const end = Promise.all([...promises, sink.flush()])
          await clock.advance(10 * 120_000)
          await end
          expectConserved(sink)
          expect(sink.stats().pending).toBe(0)
          expect(clock.sleepers.size).toBe(0)
        },
      ),
      { numRuns: 300 },
    )
  })

  test("The counts add up in any order of answers, writes, flushes, aborts and close, and every event has one result", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 12 }), async (scheduler, count) => {
        const transport = createTransport()
        const send = scheduler.scheduleFunction(transport.send)
        const sink = createSink({
          transport: { database: "db", send },
          limits: { maxRows: 3, maxInFlight: 2 },
          retry: false,
        })
        const results = new Map<unknown, string[]>()
        const note = (event: unknown, result: string) =>
          results.set(event, [...(results.get(event) ?? []), result])
        const abort = new AbortController()
        const batch = eventsOf(4, 100)
        const steps: (() => Promise<unknown>)[] = [
          ...eventsOf(count).map(event => async () => {
            const write = sink.write(event)
            await write.then(
              () => note(event, "stored"),
              error => note(event, error.code),
            )
          }),
          async () => {
            const outcomes = await sink.writeBatch(batch, abort)
            outcomes.forEach((outcome, index) => {
              note(batch[index], outcome.status === "stored" ? "stored" : outcome.error.code)
            })
          },
          async () => abort.abort(),
          () => sink.flush(),
          () => sink.close(),
        ]
        const done = steps.map(step =>
          scheduler.schedule(Promise.resolve()).then(() => {
            expectConserved(sink)
            return step()
          }),
        )
        await scheduler.waitFor(Promise.all(done))
        await sink.close()
        await flushMicrotasks()
        expectConserved(sink)
        // Each event has one result and is sent at most once. A stored event was sent, and a closed one was not.
        expect([...results.values()].every(list => list.length === 1)).toBe(true)
        expect(results.size).toBe(count + batch.length)
        const sent = transport.requests.flatMap(idsIn)
        expect(new Set(sent).size).toBe(sent.length)
        for (const [event, [result]] of results) {
          const id = (event as { messageId: string }).messageId
          if (result === "stored") expect(sent).toContain(id)
          else expect(["closed", "aborted"]).toContain(result)
          if (result === "closed") expect(sent).not.toContain(id)
        }
        const { received, stored, pending, duplicates } = sink.stats()
        expect({ received, pending, duplicates }).toEqual({ received: count + 4, pending: 0, duplicates: 0 })
        expect(stored).toBe([...results.values()].flat().filter(result => result === "stored").length)
      }),
    )
  })
})
