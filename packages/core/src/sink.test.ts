import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { ConfigError, DeliveryError, EventError } from "./errors.ts"
import { createSink, type Sink } from "./sink.ts"
import { createClock } from "./testing/clock.ts"
import { createTransport, inserted, tooLarge, eventOf, eventsOf, idsIn, idsOf, flushMicrotasks } from "./testing/transport.ts"

function expectConserved(sink: Sink): void {
  const { received, stored, rejected, failed, pending } = sink.stats()
  expect(received).toBe(stored + rejected + failed + pending)
}

describe("write", () => {
  test("resolves once the row is committed", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport: transport })
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

  test("rejects with the EventError of an event that cannot be a row, and sends nothing", async () => {
    const transport = createTransport()
    const sink = createSink({ transport: transport })
    await expect(sink.write({ messageId: "m" })).rejects.toMatchObject({
      name: "EventError",
      column: "timestamp",
    })
    expect(transport.requests).toHaveLength(0)
    expect(sink.stats()).toMatchObject({ received: 1, rejected: 1, requests: 0 })
  })

  test("rejects with the error that the transport throws", async () => {
    const sink = createSink({
      transport: createTransport(() => {
        throw new DeliveryError({ code: "overloaded", message: "Busy." })
      }),
      retry: false,
    })
    await expect(sink.write(eventOf(1))).rejects.toMatchObject({ name: "DeliveryError", code: "overloaded" })
    expect(sink.stats()).toMatchObject({ failed: 1, stored: 0 })
  })

  test("tells of a transport that throws something else without repeating it", async () => {
    const sink = createSink({
      transport: createTransport(() => {
        throw new Error("password=hunter2")
      }),
    })
    const [outcome] = await sink.writeBatch([eventOf(1)])
    expect(outcome).toMatchObject({ status: "failed", error: { name: "ConfigError" } })
    expect(outcome?.status === "failed" && outcome.error.message).not.toContain("hunter2")
  })
})

describe("group commit", () => {
  test("makes the burst of one tick one request", async () => {
    const transport = createTransport()
    const sink = createSink({ transport: transport })
    await Promise.all(eventsOf(100).map(sink.write))
    expect(transport.requests).toHaveLength(1)
  })

  test("gathers what comes while a request is under way, in the order it came", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport: transport })
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

  test("sends full batches at once, but never more than maxInFlight", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport: transport, limits: { maxRows: 10, maxInFlight: 2 } })
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

  test("says its exact bytes and never passes maxBytes, for any Unicode; the batches are the events in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ event: anyText, properties: fc.dictionary(anyText, anyText) }), {
          minLength: 1,
        }),
        fc.integer({ min: 700, max: 2_000 }),
        anyText.filter(name => name.length > 0 && name.length < 20),
        async (contents, maxBytes, table) => {
          const transport = createTransport()
          const sink = createSink({ transport: transport, table, limits: { maxBytes } })
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

  test("is filled up to the limit: one byte less and the row goes in the next", async () => {
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

  test("may be repeated, since the table has a key and the insert ignores what is there", async () => {
    const transport = createTransport()
    await createSink({ transport: transport, table: "t" }).write(eventOf(1))
    expect(transport.requests[0]?.idempotent).toBe(true)
    expect(transport.requests[0]?.body).toMatch(
      /^{"sql":"INSERT IGNORE INTO `t` \(messageId,timestamp,.*\) VALUES \(\?,/,
    )
    expect(transport.requests[0]?.body).toContain(
      ',"database":"db","args":["m1","2026-11-22 06:13:12.535000","track",null',
    )
  })

  test("that a single row would overfill is not sent: the row is refused with its size and the limit", async () => {
    const transport = createTransport()
    const [outcome] = await createSink({ transport: transport, limits: { maxBytes: 1_000 } }).writeBatch([
      eventOf(1, { properties: { long: "x".repeat(2_000) } }),
    ])
    expect(outcome).toMatchObject({ status: "rejected", error: { code: "row_too_large" } })
    expect(outcome?.status === "rejected" && outcome.error.message).toMatch(
      /request of 2\d\d\d bytes.*limit of 1000 bytes/,
    )
    expect(transport.requests).toHaveLength(0)
  })
})

describe("deliver", () => {
  test("gives one outcome for each event, in order, and a bad one does not sink its neighbours", async () => {
    const sink = createSink({ transport: createTransport() })
    const outcomes = await sink.writeBatch([eventOf(1), { type: "track" }, eventOf(2)])
    expect(outcomes.map(outcome => outcome.status)).toEqual(["stored", "rejected", "stored"])
  })

  test("of no events is no outcomes", async () => {
    expect(await createSink({ transport: createTransport() }).writeBatch([])).toEqual([])
  })

  test("counts rows that were there before as stored, and as duplicates", async () => {
    const sink = createSink({ transport: createTransport(({ rows }) => ({ status: "inserted", rowsAffected: rows - 3 })) })
    await sink.writeBatch(eventsOf(10))
    expect(sink.stats()).toMatchObject({ received: 10, stored: 10, duplicates: 3, requests: 1, rows: 10 })
  })
})

describe("flush", () => {
  test("lets nothing linger and resolves when what was there has its outcome", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport: transport, runtime: createClock().runtime })
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

  test("of an empty sink resolves", async () => {
    await createSink({ transport: createTransport() }).flush()
  })
})

describe("close", () => {
  test("sends what is there, and refuses what comes after", async () => {
    const transport = createTransport()
    const sink = createSink({ transport: transport })
    const write = sink.write(eventOf(1))
    expect(await sink.close()).toEqual({ undelivered: [] })
    await expect(write).resolves.toBeUndefined()
    await expect(sink.write(eventOf(2))).rejects.toMatchObject({
      name: "DeliveryError",
      code: "closed",
      ambiguous: false,
    })
    expect(await sink.writeBatch([eventOf(3)])).toMatchObject([{ status: "failed", error: { code: "closed" } }])
    expect(sink.stats()).toMatchObject({ received: 3, stored: 1, failed: 2, pending: 0, requests: 1 })
  })

  test("gives back at the deadline what is left, in order, and says which may be stored", async () => {
    const clock = createClock()
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport: transport, runtime: clock.runtime, limits: { maxRows: 2, maxInFlight: 1 } })
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

  test("gives back of a delivery what is left of it only", async () => {
    const clock = createClock()
    const transport = createTransport()
    const sink = createSink({ transport: transport, runtime: clock.runtime, limits: { maxRows: 2, maxInFlight: 1 } })
    transport.hold()
    const events = eventsOf(5)
    const delivery = sink.writeBatch(events)
    await flushMicrotasks()
    transport.releaseOne()
    await flushMicrotasks()
    const close = sink.close({ deadlineMs: 10 })
    await clock.advance(10)
    expect(await close).toEqual({ undelivered: events.slice(2) })
    const outcomes = await delivery
    expect(outcomes.map(({ status }) => status)).toEqual(["stored", "stored", "failed", "failed", "failed"])
    const messages = outcomes.map(outcome => (outcome.status === "failed" ? outcome.error.message : ""))
    expect(messages[2]).toContain(
      "The sink is closed; a request with the event may have been carried out. Hand it over again.",
    )
    expect(messages[4]).toContain("The sink is closed; the event was not sent. Hand it over again.")
    transport.release()
  })

  test("ends for all who wait at the deadline, though a request hangs", async () => {
    const clock = createClock()
    const transport = createTransport()
    transport.hold()
    const limits = { maxQueuedRows: 1, maxInFlight: 1 }
    const sink = createSink({ transport: transport, runtime: clock.runtime, limits })
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

  test("does not take long at the deadline, however much is left", async () => {
    const clock = createClock()
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport: transport, runtime: clock.runtime, limits: { maxRows: 500 } })
    const count = 20_000
    for (const event of eventsOf(count)) sink.write(event).catch(() => {})
    await flushMicrotasks()
    const close = sink.close({ deadlineMs: 1 })
    await clock.advance(1)
    expect((await close).undelivered).toHaveLength(count)
    expect(sink.stats()).toMatchObject({ received: count, failed: count, pending: 0 })
  })

  test.each([Number.NaN, -1])("refuses a deadline of %s, and goes on taking events", async deadlineMs => {
    const sink = createSink({ transport: createTransport() })
    await expect(sink.close({ deadlineMs })).rejects.toMatchObject({
      name: "ConfigError",
      code: "invalid_options",
    })
    await sink.write(eventOf(1))
  })

  test("takes a deadline that no timer can wait for as none", async () => {
    const sink = createSink({ transport: createTransport() })
    void sink.write(eventOf(1))
    expect(await sink.close({ deadlineMs: Number.POSITIVE_INFINITY })).toEqual({ undelivered: [] })
    expect(sink.stats()).toMatchObject({ stored: 1, failed: 0 })
  })

  test("twice is once, and a deadline that is not needed is called off", async () => {
    const clock = createClock()
    const sink = createSink({ transport: createTransport(), runtime: clock.runtime })
    await Promise.all([sink.close({ deadlineMs: 1_000 }), sink.close()])
    expect(clock.sleepers.size).toBe(0)
  })

  test("cuts a sleep before a retry short, for one last attempt", async () => {
    const clock = createClock()
    const transport = createTransport(() => {
      throw new DeliveryError({ code: "overloaded", message: "Busy." })
    })
    const sink = createSink({ transport: transport, runtime: clock.runtime })
    const delivery = sink.writeBatch([eventOf(1)])
    await flushMicrotasks()
    expect(transport.requests).toHaveLength(1)
    await sink.close()
    expect(await delivery).toMatchObject([{ status: "failed", error: { code: "overloaded" } }])
    expect(transport.requests).toHaveLength(2)
    expect(clock.sleepers.size).toBe(0)
  })
})

describe("abort", () => {
  test("ends a delivery at once, and says of each event whether it may be stored", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport: transport, limits: { maxRows: 2, maxInFlight: 1 } })
    const abort = new AbortController()
    const delivery = sink.writeBatch([...eventsOf(3), { type: "bad" }], { signal: abort.signal })
    const other = sink.writeBatch([eventOf("other")])
    await flushMicrotasks()
    abort.abort()
    const outcomes = await delivery
    expect(outcomes.map(outcome => outcome.status)).toEqual(["failed", "failed", "failed", "rejected"])
    const errors = outcomes.map(outcome => (outcome.status === "failed" ? outcome.error : undefined))
    expect(errors[2]?.message).toContain("The delivery was aborted; the event was not sent.")
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

  test("before the start sends nothing", async () => {
    const transport = createTransport()
    const outcomes = await createSink({ transport: transport }).writeBatch(eventsOf(2), { signal: AbortSignal.abort() })
    expect(outcomes).toMatchObject(
      Array(2).fill({ status: "failed", error: { code: "aborted", ambiguous: false } }),
    )
    await flushMicrotasks()
    expect(transport.requests).toHaveLength(0)
  })

  test("after the end changes nothing, and leaves no listener behind", async () => {
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

test("a caller that fills its array anew gets an outcome for what it had handed over", async () => {
  const transport = createTransport()
  transport.hold()
  const sink = createSink({ transport: transport, limits: { maxInFlight: 1 } })
  void sink.write(eventOf("busy"))
  await flushMicrotasks()
  const abort = new AbortController()
  const buffer = eventsOf(3)
  const delivery = sink.writeBatch(buffer, abort)
  buffer.length = 0
  abort.abort()
  expect(await delivery).toHaveLength(3)
  expect(sink.stats()).toMatchObject({ failed: 3, pending: 1 })
  transport.release()
})

test("rows of a delivery that was aborted do not hold the queue", async () => {
  const transport = createTransport()
  transport.hold()
  const sink = createSink({ transport: transport, limits: { maxInFlight: 1, maxQueuedRows: 3 } })
  void sink.write(eventOf("busy"))
  await flushMicrotasks()
  const abort = new AbortController()
  const delivery = sink.writeBatch(eventsOf(3), abort)
  let isReady = false
  void sink.ready().then(() => {
    isReady = true
  })
  await flushMicrotasks()
  expect(isReady).toBe(false)
  abort.abort()
  await delivery
  await flushMicrotasks()
  expect(isReady).toBe(true)
  transport.release()
})

describe("ready", () => {
  test("waits while the queue is full by rows", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport: transport, limits: { maxRows: 2, maxInFlight: 1, maxQueuedRows: 4 } })
    // One is on its way, and four wait.
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

  test("waits while the queue is full by bytes", async () => {
    const transport = createTransport()
    transport.hold()
    const sink = createSink({ transport: transport, limits: { maxInFlight: 1, maxQueuedBytes: 10_000 } })
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

describe("a transport that does not keep to its contract", () => {
  test.each<[string, unknown]>([
    ["resolves to nothing", async () => undefined],
    ["resolves to an empty object", async () => ({})],
    ["resolves to text", async () => "ok"],
    ["resolves to NaN rows", async () => ({ status: "inserted", rowsAffected: Number.NaN })],
    ["returns no promise", () => ({ ok: true })],
    [
      "throws at once",
      () => {
        throw new Error("hunter2")
      },
    ],
    ["rejects with nothing", () => Promise.reject()],
  ])("%s: its rows fail with a sentence about it", async (_, send) => {
    const sink = createSink({ transport: { database: "db", send: send as never } })
    const [outcome] = await sink.writeBatch([eventOf(1)])
    expect(outcome).toMatchObject({ status: "failed", error: { code: "invalid_transport" } })
    expect(outcome?.status === "failed" && outcome.error.message).toContain("Mend the api")
    expect(sink.stats()).toMatchObject({ failed: 1, duplicates: 0, pending: 0 })
  })

  test("is asked once for each row: an odd reply does not send rows again", async () => {
    const transport = createTransport(() => ({}) as never)
    await createSink({ transport: transport, deduplicate: false }).writeBatch(eventsOf(4))
    expect(transport.requests.map(({ rows }) => rows)).toEqual([4])
  })

  test("says tooLarge: false: that is no refusal", async () => {
    const sink = createSink({
      transport: createTransport(({ rows }) => ({ tooLarge: false, rowsAffected: rows }) as never),
    })
    expect(await sink.writeBatch(eventsOf(2))).toEqual(Array(2).fill({ status: "stored" }))
  })

  test("throws what cannot even be looked at", async () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const sink = createSink({ transport: { database: "db", send: () => Promise.reject(proxy) } })
    expect(await sink.writeBatch([eventOf(1)])).toMatchObject([
      { status: "failed", error: { code: "invalid_transport" } },
    ])
  })

  test("writes while it sends, and while the sink closes: each of its events has an outcome", async () => {
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

  test("counts more rows than were sent: they are stored, and none of them twice", async () => {
    const sink = createSink({ transport: createTransport(() => ({ status: "inserted", rowsAffected: 99 })) })
    await sink.writeBatch(eventsOf(3))
    expect(sink.stats()).toMatchObject({ stored: 3, duplicates: 0 })
  })
})

describe("an observer that writes", () => {
  test("finds the sink as it is, whatever it is told of", async () => {
    const transport = createTransport()
    const writes: Promise<void>[] = []
    let left = 20
    const sink: Sink = createSink({
      transport: transport,
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

test("an event that the caller changes after handing it over is stored as it was", async () => {
  const transport = createTransport()
  const sink = createSink({ transport: transport })
  const event = { ...eventOf(1), properties: { plan: "pro" } }
  const write = sink.write(event)
  event.properties.plan = "free"
  await write
  expect(transport.requests[0]?.body).toContain('{"plan":"pro"}')
})

test("a runtime without timers sends all the same, with one attempt", async () => {
  let failures = 1
  const transport = createTransport(({ rows }) => {
    if (failures-- > 0) throw new DeliveryError({ code: "overloaded", message: "Busy." })
    return { status: "inserted", rowsAffected: rows }
  })
  const sink = createSink({ transport: transport, runtime: { sleep: undefined } })
  await expect(sink.write(eventOf(1))).rejects.toMatchObject({ code: "overloaded" })
  await Promise.all(eventsOf(3, 2).map(sink.write))
  expect(await sink.close({ deadlineMs: 1 })).toEqual({ undelivered: [] })
  expect(transport.requests.map(request => request.rows)).toEqual([1, 3])
})

describe("the law: received = stored + rejected + failed + pending", () => {
  const verdicts = fc.constantFrom("stored", "too large", "bad value", "odd", "set-up", "busy", "ambiguous")
  const steps = fc.constantFrom("write", "bad write", "deliver", "abort", "flush", "wait", "close")

  function createFickleSink(answers: string[], deduplicate: true | "segment") {
    const clock = createClock()
    const transport = createTransport(({ rows }) => {
      const answer = answers.shift() ?? "stored"
      if (answer === "too large") return tooLarge
      if (answer === "bad value") throw new EventError({ code: "value_rejected", message: "No." })
      if (answer === "odd") throw new ConfigError({ code: "unexpected_response", message: "Odd." })
      if (answer === "set-up") throw new ConfigError({ code: "access_denied", message: "No." })
      if (answer === "busy") throw new DeliveryError({ code: "overloaded", message: "No." })
      if (answer === "ambiguous")
        throw new DeliveryError({ code: "timeout", message: "No.", ambiguous: true })
      return { status: "inserted", rowsAffected: rows }
    })
    const limits = { maxRows: 7, maxInFlight: 2, lingerMs: 5 }
    return { clock, sink: createSink({ transport: transport, layout, limits, runtime: clock.runtime }) }
  }

  test("holds at every moment of any interleaving, and every promise settles once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(verdicts, { maxLength: 40 }),
        fc.array(steps, { maxLength: 40 }),
        fc.constantFrom("keyed" as const, "segment" as const),
        async (answers, plan, layout) => {
          const { clock, sink } = createFickleSink(answers, layout)
          const promises: Promise<unknown>[] = []
          const watch = (write: Promise<void>) =>
            promises.push(write.catch(error => expect(error.code).toBeTypeOf("string")))
          const aborts: AbortController[] = []
          for (const [id, step] of plan.entries()) {
            if (step === "write") watch(sink.write(eventOf(id)))
            if (step === "bad write") watch(sink.write({ type: "bad" }))
            if (step === "deliver") {
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

  test("holds whatever order answers, writes, flushes, aborts and close come in", async () => {
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
        const settle = (event: unknown, result: string) =>
          results.set(event, [...(results.get(event) ?? []), result])
        const abort = new AbortController()
        const delivered = eventsOf(4, 100)
        const steps: (() => Promise<unknown>)[] = [
          ...eventsOf(count).map(event => async () => {
            const write = sink.write(event)
            await write.then(
              () => settle(event, "stored"),
              error => settle(event, error.code),
            )
          }),
          async () => {
            const outcomes = await sink.writeBatch(delivered, abort)
            outcomes.forEach((outcome, index) => {
              settle(delivered[index], outcome.status === "stored" ? "stored" : outcome.error.code)
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
        // Each event has one result; what says stored was sent once, and what was sent says nothing else but aborted.
        expect([...results.values()].every(list => list.length === 1)).toBe(true)
        expect(results.size).toBe(count + delivered.length)
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
