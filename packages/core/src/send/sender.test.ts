import { describe, expect, test } from "vitest"
import { ConfigError, DeliveryError, EventError } from "../errors.ts"
import type { ObserverEvent } from "../observer.ts"
import type { SinkOptions } from "../options.ts"
import { createSink } from "../sink.ts"
import { createClock } from "../testing/clock.ts"
import { createTransport, inserted, tooLarge, eventOf, eventsOf, idsIn, idsOf, flushMicrotasks } from "../testing/transport.ts"
import type { InsertResult, InsertRequest } from "../transport.ts"

const busy = new DeliveryError({ code: "overloaded", message: "Busy." })
const lost = new DeliveryError({ code: "connection_lost", message: "Lost.", ambiguous: true })
const denied = new ConfigError({ code: "access_denied", message: "Denied." })

/** A sink whose transport gives these answers one after the other, the last one for ever. */
function createScripted(
  answers: (Error | InsertResult | "stored")[],
  options: Partial<SinkOptions> = {},
  random?: () => number,
) {
  const clock = createClock(random)
  const observed: ObserverEvent[] = []
  const transport = createTransport(({ rows }) => {
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? "stored"
    if (answer instanceof Error) throw answer
    return answer === "stored" ? { status: "inserted", rowsAffected: rows } : answer
  })
  const sink = createSink({
    transport: transport,
    runtime: clock.runtime,
    observe: event => observed.push(event),
    ...options,
  })
  const seen = <Type extends ObserverEvent["type"]>(type: Type) =>
    observed.filter((event): event is Extract<ObserverEvent, { type: Type }> => event.type === type)
  return { clock, transport, sink, seen }
}

describe("a DeliveryError is tried again", () => {
  test("after a delay that is anything up to a bound which doubles, and then no more", async () => {
    const { clock, sink, seen, transport } = createScripted([busy])
    const delivery = sink.writeBatch([eventOf(1)])
    await clock.advance(120_000)
    expect(await delivery).toEqual([{ status: "failed", error: busy }])
    expect(seen("retry").map(({ delayMs }) => delayMs)).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 16_000,
    ])
    expect(transport.requests).toHaveLength(8)
    expect(sink.stats()).toMatchObject({ retries: 7, requests: 8, failed: 1 })
  })

  test("at no time at all where chance says so", async () => {
    const { clock, sink, seen } = createScripted([busy, busy, "stored"], {}, () => 0)
    const delivery = sink.writeBatch([eventOf(1)])
    await clock.advance(0)
    expect(await delivery).toEqual([{ status: "stored" }])
    expect(seen("retry").map(({ delayMs }) => delayMs)).toEqual([0, 0])
  })

  test("within the budget of time, and with the bound that is set", async () => {
    const retry = { maxElapsedMs: 3_000, maxAttempts: 100, baseDelayMs: 1_000, maxDelayMs: 1_000 }
    const { clock, sink, transport } = createScripted([busy], { retry })
    const delivery = sink.writeBatch([eventOf(1)])
    await clock.advance(10_000)
    await delivery
    expect(transport.requests).toHaveLength(4)
  })

  test("not before Retry-After is over", async () => {
    const error = new DeliveryError({ code: "overloaded", message: "Busy.", retryAfterMs: 10_000 })
    const { clock, sink, transport } = createScripted([error, "stored"])
    const delivery = sink.writeBatch([eventOf(1)])
    await clock.advance(9_999)
    expect(transport.requests).toHaveLength(1)
    await clock.advance(1)
    expect(await delivery).toEqual([{ status: "stored" }])
  })

  test("not at all where Retry-After goes past the budget: it fails now and says for how long", async () => {
    const error = new DeliveryError({ code: "overloaded", message: "Busy.", retryAfterMs: 120_001 })
    const { sink } = createScripted([error])
    expect(await sink.writeBatch([eventOf(1)])).toMatchObject([
      { status: "failed", error: { retryAfterMs: 120_001 } },
    ])
  })

  test("not at all with retry: false", async () => {
    const { sink, transport } = createScripted([busy], { retry: false })
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "failed", error: busy }])
    expect(transport.requests).toHaveLength(1)
  })

  test("but not a row whose caller has gone", async () => {
    const { clock, sink, transport } = createScripted([busy, "stored"])
    const abort = new AbortController()
    const gone = sink.writeBatch([eventOf("gone")], abort)
    const stays = sink.writeBatch([eventOf("stays")])
    await flushMicrotasks()
    abort.abort()
    await clock.advance(1_000)
    expect(await gone).toMatchObject([{ status: "failed", error: { code: "aborted" } }])
    expect(await stays).toEqual([{ status: "stored" }])
    expect(transport.requests.map(idsIn)).toEqual([["mgone", "mstays"], ["mstays"]])
  })
})

describe("an error that is no DeliveryError is not tried again", () => {
  test.each([
    denied,
    new ConfigError({ code: "sql_error", message: "No." }),
    new EventError({ code: "value_rejected", message: "No." }),
  ])("%s", async error => {
    const { sink, transport, clock } = createScripted([error, "stored"])
    const [outcome] = await sink.writeBatch([eventOf(1)])
    expect(outcome).toMatchObject({ status: error.name === "EventError" ? "rejected" : "failed", error })
    expect(transport.requests).toHaveLength(1)
    expect(clock.sleepers.size).toBe(0)
    expect(sink.stats()).toMatchObject({ retries: 0, ambiguous: 0, duplicates: 0 })
  })

  test("and a batch of several rows that meets a set-up error is not sent in pieces", async () => {
    const { sink, transport } = createScripted([denied])
    expect(await sink.writeBatch(eventsOf(5))).toEqual(Array(5).fill({ status: "failed", error: denied }))
    expect(transport.requests).toHaveLength(1)
  })
})

test("stats count requests, rows and bytes as they went out", async () => {
  const { sink, transport, clock } = createScripted([busy, "stored"])
  const delivery = sink.writeBatch(eventsOf(3))
  await clock.advance(1_000)
  await delivery
  const bytes = transport.requests.reduce((sum, request) => sum + request.bytes, 0)
  expect(sink.stats()).toMatchObject({ requests: 2, rows: 6, bytes, ambiguous: 0 })
})

describe("an ambiguous answer", () => {
  test("is counted and tried again; the first copy may be what counts as a duplicate", async () => {
    const { clock, sink } = createScripted([lost, { status: "inserted", rowsAffected: 0 }])
    const delivery = sink.writeBatch([eventOf(1)])
    await clock.advance(1_000)
    expect(await delivery).toEqual([{ status: "stored" }])
    expect(sink.stats()).toMatchObject({ ambiguous: 1, retries: 1, stored: 1, duplicates: 1 })
  })

  test("is remembered: what fails in the end says that it may be stored", async () => {
    const { clock, sink } = createScripted([lost, busy], { retry: { maxAttempts: 2 } })
    const delivery = sink.writeBatch([eventOf(1)])
    await clock.advance(1_000)
    const [outcome] = await delivery
    expect(outcome).toMatchObject({ status: "failed", error: { code: "overloaded", ambiguous: true } })
    expect(outcome?.status === "failed" && outcome.error.message).toBe("Busy. (docs/operating.md#overloaded)")
  })

  test("is remembered by the pieces of a batch", async () => {
    const { clock, sink } = createScripted([lost, tooLarge, busy], { retry: { maxAttempts: 2 } })
    const delivery = sink.writeBatch(eventsOf(2))
    await clock.advance(10_000)
    expect(await delivery).toMatchObject(
      Array(2).fill({ status: "failed", error: { code: "overloaded", ambiguous: true } }),
    )
  })

  test("is remembered while the sink sleeps before it tries again", async () => {
    const { clock, sink } = createScripted([lost])
    const abort = new AbortController()
    const delivery = sink.writeBatch([eventOf(1)], abort)
    await clock.advance(0)
    abort.abort()
    expect(await delivery).toMatchObject([{ status: "failed", error: { code: "aborted", ambiguous: true } }])
  })

  test("is not made of one that is none", async () => {
    const { clock, sink } = createScripted([busy])
    const abort = new AbortController()
    const delivery = sink.writeBatch([eventOf(1)], abort)
    await clock.advance(0)
    abort.abort()
    expect(await delivery).toMatchObject([{ status: "failed", error: { code: "aborted", ambiguous: false } }])
  })

  test("is the caller's with onAmbiguous: fail, while others are still tried again", async () => {
    const { clock, sink, transport } = createScripted([busy, lost], { onAmbiguous: "fail" })
    const delivery = sink.writeBatch([eventOf(1)])
    await clock.advance(1_000)
    expect(await delivery).toEqual([{ status: "failed", error: lost }])
    expect(transport.requests).toHaveLength(2)
  })
})

test("the time that a batch may take is for all of its pieces together", async () => {
  const { clock, sink, transport } = createScripted([tooLarge, busy], {
    retry: { maxElapsedMs: 10_000 },
  })
  const delivery = sink.writeBatch(eventsOf(2))
  await clock.advance(10_000)
  expect((await delivery).map(({ status }) => status)).toEqual(["failed", "failed"])
  expect(transport.requests.length).toBeLessThan(12)
})

test("a row whose caller has gone is neither stored nor a duplicate, and a retry that is called off is none", async () => {
  const { clock, sink, transport } = createScripted([{ rowsAffected: 0 }])
  transport.hold()
  const abort = new AbortController()
  const delivery = sink.writeBatch(eventsOf(3), abort)
  await flushMicrotasks()
  abort.abort()
  await delivery
  transport.release()
  await flushMicrotasks()
  expect(sink.stats()).toMatchObject({ failed: 3, stored: 0, duplicates: 0 })

  const sleeping = createScripted([busy])
  const other = new AbortController()
  const gone = sleeping.sink.writeBatch([eventOf(1)], other)
  await flushMicrotasks()
  other.abort()
  await gone
  await sleeping.clock.advance(60_000)
  expect(sleeping.sink.stats()).toMatchObject({ requests: 1, retries: 0 })
  expect(clock.sleepers.size).toBe(0)
})

describe("too large", () => {
  const limitedTo = (maxBytes: number) => {
    const clock = createClock()
    const observed: ObserverEvent[] = []
    const transport = createTransport(({ rows, bytes }: InsertRequest) =>
      bytes > maxBytes ? tooLarge : { rowsAffected: rows },
    )
    const observe = (event: ObserverEvent) => observed.push(event)
    return { clock, transport, observed, sink: createSink({ transport: transport, runtime: clock.runtime, observe }) }
  }

  test("is halved by bytes until it fits, and every row is stored in order", async () => {
    const { transport, sink, observed } = limitedTo(3_000)
    const events = eventsOf(200)
    expect((await sink.writeBatch(events)).every(({ status }) => status === "stored")).toBe(true)
    const accepted = transport.requests.filter(({ bytes }) => bytes <= 3_000)
    expect(accepted.flatMap(idsIn)).toEqual(idsOf(events))
    expect(sink.stats().splits).toBe(transport.requests.length - accepted.length)
    expect(observed.filter(({ type }) => type === "split")).toHaveLength(sink.stats().splits)
  })

  test("is learned for a while, beside the limit, and then forgotten", async () => {
    const { transport, sink, clock, observed } = limitedTo(20_000)
    await sink.writeBatch(eventsOf(300))
    const before = transport.requests.length
    await sink.writeBatch(eventsOf(300, 1_000))
    expect(transport.requests.slice(before).every(({ bytes }) => bytes <= 20_000)).toBe(true)
    expect(observed).toContainEqual({ type: "reduced_limit", maxBytes: expect.any(Number) })

    await clock.advance(300_000)
    await sink.writeBatch(eventsOf(300, 2_000))
    expect(observed).toContainEqual({ type: "reduced_limit", maxBytes: undefined })
    expect(sink.stats()).toMatchObject({ received: 900, stored: 900 })
  })

  test("refuses a row that is too large alone, and only that", async () => {
    const { sink } = limitedTo(2_000)
    const events = [...eventsOf(3), eventOf("large", { properties: { long: "x".repeat(2_000) } })]
    const outcomes = await sink.writeBatch(events)
    expect(outcomes.map(({ status }) => status)).toEqual(["stored", "stored", "stored", "rejected"])
    expect(outcomes[3]).toMatchObject({ error: { code: "row_too_large" } })
  })
})

describe("the breaker", () => {
  test("lets rows fail without a request after a set-up error, and tries once in a while", async () => {
    const { clock, sink, transport, seen } = createScripted([denied, denied, "stored"])
    const fail = async () =>
      expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "failed", error: denied }])
    await fail()
    for (let i = 0; i < 1_000; i++) await fail()
    expect(transport.requests).toHaveLength(1)

    await clock.advance(1_000)
    await fail()
    await fail()
    expect(transport.requests).toHaveLength(2)

    // The pause has doubled.
    await clock.advance(1_999)
    await fail()
    expect(transport.requests).toHaveLength(2)
    await clock.advance(1)
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "stored" }])
    expect(await sink.writeBatch([eventOf(2)])).toEqual([{ status: "stored" }])
    const states = seen("breaker").map(({ state }) => state)
    expect(states).toEqual(["open", "half_open", "open", "half_open", "closed"])
  })

  test("has one request try, whatever else waits", async () => {
    const { clock, sink, transport } = createScripted([denied, "stored"], { limits: { maxRows: 1 } })
    await sink.writeBatch([eventOf(0)])
    await clock.advance(1_000)
    transport.hold()
    const outcomes = sink.writeBatch(eventsOf(4))
    await flushMicrotasks()
    expect(transport.requests).toHaveLength(2)
    transport.release()
    expect((await outcomes).map(({ status }) => status)).toEqual(["stored", "failed", "failed", "failed"])
  })

  test("waits a minute at most", async () => {
    const { clock, sink, transport } = createScripted([denied])
    for (let i = 0; i < 20; i++) {
      await sink.writeBatch([eventOf(i)])
      await clock.advance(60_000)
    }
    expect(transport.requests).toHaveLength(20)
  })

  test("lets another request try where the try met something else", async () => {
    const { clock, sink, transport } = createScripted([denied, busy, "stored"], { retry: false })
    await sink.writeBatch([eventOf(0)])
    await clock.advance(1_000)
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "failed", error: busy }])
    expect(await sink.writeBatch([eventOf(2)])).toEqual([{ status: "stored" }])
    expect(transport.requests).toHaveLength(3)
  })

  test("closes where the try met an event's own error: the set-up is right again", async () => {
    const refused = new EventError({ code: "value_rejected", message: "No." })
    const { clock, sink, seen } = createScripted([denied, refused, "stored"])
    await sink.writeBatch([eventOf(0)])
    await clock.advance(1_000)
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "rejected", error: refused }])
    expect(await sink.writeBatch([eventOf(2)])).toEqual([{ status: "stored" }])
    expect(seen("breaker").map(({ state }) => state)).toEqual(["open", "half_open", "closed"])
  })

  test("is opened once by requests that were under way together", async () => {
    const { clock, sink, transport, seen } = createScripted([denied], { limits: { maxRows: 1 } })
    transport.hold()
    const outcomes = sink.writeBatch(eventsOf(4))
    await flushMicrotasks()
    expect(transport.requests).toHaveLength(4)
    transport.releaseOne()
    await clock.advance(600)
    transport.release()
    await outcomes
    expect(seen("breaker")).toEqual([{ type: "breaker", state: "open", code: "access_denied" }])
    // The pause counts from the first of them.
    await clock.advance(400)
    await sink.writeBatch([eventOf(9)])
    expect(transport.requests).toHaveLength(5)
  })

  test("goes on trying where the try met an answer that says nothing of the set-up", async () => {
    const odd = new ConfigError({ code: "unexpected_response", message: "Odd." })
    const { clock, sink, transport } = createScripted([denied, odd, "stored"])
    await sink.writeBatch([eventOf(0)])
    await clock.advance(1_000)
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "failed", error: odd }])
    expect(await sink.writeBatch([eventOf(2)])).toEqual([{ status: "stored" }])
    expect(transport.requests).toHaveLength(3)
  })

  test("does not open for an answer that may be about one row", async () => {
    const odd = new ConfigError({ code: "unexpected_response", message: "Odd." })
    const { sink } = createScripted([odd, "stored"])
    expect(await sink.writeBatch([eventOf(0)])).toEqual([{ status: "failed", error: odd }])
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "stored" }])
  })
})

describe("a table without a key", () => {
  test("gets a plain insert, which must not be repeated below the sink", async () => {
    const { sink, transport } = createScripted(["stored"], { deduplicate: false, table: "t" })
    await sink.write(eventOf(1))
    expect(transport.requests[0]).toMatchObject({ idempotent: false })
    expect(JSON.parse(transport.requests[0]?.body ?? "")).toEqual({
      sql: "INSERT INTO `t` (messageId, timestamp, type, event, name, properties, userId, anonymousId, groupId, traits, context) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      database: "db",
      args: ["m1", "2026-11-22 06:13:12.535", "track", null, null, null, null, null, null, null, null],
    })
  })

  test("that has one all the same: a row that is there already is a duplicate", async () => {
    const there = new EventError({ code: "duplicate_key", message: "There." })
    const transport = createTransport(request => {
      if (idsIn(request).includes("m2")) throw there
      return { status: "inserted", rowsAffected: request.rows }
    })
    const sink = createSink({ transport: transport, deduplicate: false })
    expect((await sink.writeBatch(eventsOf(5))).every(({ status }) => status === "stored")).toBe(true)
    expect(sink.stats()).toMatchObject({ stored: 5, duplicates: 1, rejected: 0 })
  })
})

test("an observer is told of requests by sizes, times and codes, and may throw", async () => {
  const { clock, sink, seen } = createScripted([busy, { status: "inserted", rowsAffected: 1 }])
  const delivery = sink.writeBatch(eventsOf(3))
  await clock.advance(1_000)
  await delivery
  expect(seen("request")).toEqual([
    {
      type: "request",
      attempt: 1,
      rows: 3,
      bytes: expect.any(Number),
      milliseconds: 0,
      code: "overloaded",
      ambiguous: false,
    },
    { type: "request", attempt: 2, rows: 3, bytes: expect.any(Number), milliseconds: 0, duplicates: 2 },
  ])
  const large = createScripted([tooLarge, "stored"])
  await large.sink.writeBatch(eventsOf(2))
  await flushMicrotasks()
  expect(
    large.seen("request").map(({ code, ambiguous, duplicates }) => [code, ambiguous, duplicates]),
  ).toEqual([
    ["too_large", undefined, undefined],
    [undefined, undefined, 0],
    [undefined, undefined, 0],
  ])
  const cut = createScripted([lost, denied])
  const failing = cut.sink.writeBatch([eventOf(1)])
  await cut.clock.advance(1_000)
  await failing
  await flushMicrotasks()
  expect(cut.seen("request").map(({ code, ambiguous }) => [code, ambiguous])).toEqual([
    ["connection_lost", true],
    ["access_denied", false],
  ])
  const observe = () => {
    throw new Error("a mistake in the observer")
  }
  expect(await createSink({ transport: createTransport(), observe }).writeBatch([eventOf(1)])).toEqual([
    { status: "stored" },
  ])
})

describe("deliveryTimeoutMs", () => {
  const limits = { deliveryTimeoutMs: 100, maxInFlight: 1 }

  test("fails what waited for longer, without a request, and sends its younger neighbours", async () => {
    const { clock, sink, transport } = createScripted(["stored"], { limits })
    transport.hold()
    const first = sink.write(eventOf(1))
    await flushMicrotasks()
    const old = sink.write(eventOf(2)).catch(error => error)
    await clock.advance(60)
    const young = sink.write(eventOf(3))
    await clock.advance(41)
    transport.release()
    expect(await old).toMatchObject({ name: "DeliveryError", code: "deadline_exceeded", ambiguous: false })
    await Promise.all([first, young])
    expect(transport.requests.map(idsIn)).toEqual([["m1"], ["m3"]])
    expect(sink.stats()).toMatchObject({ stored: 2, failed: 1, pending: 0 })
  })

  test("is no limit to a request that is under way", async () => {
    const { clock, sink, transport } = createScripted(["stored"], { limits })
    transport.hold()
    const delivery = sink.writeBatch([eventOf(1)])
    await clock.advance(5_000)
    transport.release()
    expect(await delivery).toEqual([{ status: "stored" }])
  })

  test("ends the attempts, and says that the row may be stored where one was not answered", async () => {
    const retry = { baseDelayMs: 150, maxAttempts: 5 }
    const { clock, sink, transport } = createScripted([lost], { limits, retry })
    const written = sink.write(eventOf(1)).catch(error => error)
    await clock.advance(1_000)
    expect(await written).toMatchObject({ code: "deadline_exceeded", ambiguous: true })
    expect(transport.requests).toHaveLength(1)
  })

  test("of exactly that age is not too old", async () => {
    const { clock, sink, transport } = createScripted(["stored"], { limits })
    transport.hold()
    const first = sink.write(eventOf(1))
    await flushMicrotasks()
    const second = sink.write(eventOf(2))
    await clock.advance(100)
    transport.release()
    await Promise.all([first, second])
    expect(sink.stats().stored).toBe(2)
  })
})
