import { describe, expect, test } from "vitest"
import { ConfigError, DeliveryError, EventError } from "../errors.ts"
import type { ObserverEvent } from "../observer.ts"
import type { SinkOptions } from "../options.ts"
import { createSink } from "../sink.ts"
import { createClock } from "../testing/clock.ts"
import {
  createTransport,
  eventOf,
  eventsOf,
  flushMicrotasks,
  idsIn,
  idsOf,
  inserted,
  tooLarge,
} from "../testing/transport.ts"
import type { InsertRequest, InsertResult } from "../transport.ts"

const busy = new DeliveryError({ code: "overloaded", message: "Busy." })
const lost = new DeliveryError({ code: "connection_lost", message: "Lost.", ambiguous: true })
const denied = new ConfigError({ code: "access_denied", message: "Denied." })

/** A sink whose transport gives these answers one after the other, and repeats the last one. */
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
    transport,
    runtime: clock.runtime,
    observe: event => observed.push(event),
    ...options,
  })
  const seen = <Type extends ObserverEvent["type"]>(type: Type) =>
    observed.filter((event): event is Extract<ObserverEvent, { type: Type }> => event.type === type)
  return { clock, transport, sink, seen }
}

describe("a retry after a DeliveryError", () => {
  test("The delay before each retry is at most a bound that doubles, and the attempts are limited", async () => {
    const { clock, sink, seen, transport } = createScripted([busy])
    const batch = sink.writeBatch([eventOf(1)])
    await clock.advance(120_000)
    expect(await batch).toEqual([{ status: "failed", error: busy }])
    expect(seen("retry").map(({ delayMs }) => delayMs)).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 16_000,
    ])
    expect(transport.requests).toHaveLength(8)
    expect(sink.stats()).toMatchObject({ retries: 7, requests: 8, failed: 1 })
  })

  test("The first retry is immediate if the random draw is 0", async () => {
    const { clock, sink, seen } = createScripted([busy, busy, "stored"], {}, () => 0)
    const batch = sink.writeBatch([eventOf(1)])
    await clock.advance(0)
    expect(await batch).toEqual([{ status: "stored" }])
    expect(seen("retry").map(({ delayMs }) => delayMs)).toEqual([0, 0])
  })

  test("Retries end when maxElapsedMs is over, and maxDelayMs bounds their delays", async () => {
    const retry = { maxElapsedMs: 3_000, maxAttempts: 100, baseDelayMs: 1_000, maxDelayMs: 1_000 }
    const { clock, sink, transport } = createScripted([busy], { retry })
    const batch = sink.writeBatch([eventOf(1)])
    await clock.advance(10_000)
    await batch
    expect(transport.requests).toHaveLength(4)
  })

  test("A retry waits until Retry-After is over", async () => {
    const error = new DeliveryError({ code: "overloaded", message: "Busy.", retryAfterMs: 10_000 })
    const { clock, sink, transport } = createScripted([error, "stored"])
    const batch = sink.writeBatch([eventOf(1)])
    await clock.advance(9_999)
    expect(transport.requests).toHaveLength(1)
    await clock.advance(1)
    expect(await batch).toEqual([{ status: "stored" }])
  })

  test("An event fails at once with retryAfterMs if Retry-After leads past maxElapsedMs", async () => {
    const error = new DeliveryError({ code: "overloaded", message: "Busy.", retryAfterMs: 120_001 })
    const { sink } = createScripted([error])
    expect(await sink.writeBatch([eventOf(1)])).toMatchObject([
      { status: "failed", error: { retryAfterMs: 120_001 } },
    ])
  })

  test("With retry: false there is one attempt", async () => {
    const { sink, transport } = createScripted([busy], { retry: false })
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "failed", error: busy }])
    expect(transport.requests).toHaveLength(1)
  })

  test("A retry leaves out the rows of a writeBatch that was aborted", async () => {
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

describe("an error that is not a DeliveryError", () => {
  test.each([
    denied,
    new ConfigError({ code: "sql_error", message: "No." }),
    new EventError({ code: "value_rejected", message: "No." }),
  ])("A request that failed with %s is not repeated", async error => {
    const { sink, transport, clock } = createScripted([error, "stored"])
    const [outcome] = await sink.writeBatch([eventOf(1)])
    expect(outcome).toMatchObject({ status: error.name === "EventError" ? "rejected" : "failed", error })
    expect(transport.requests).toHaveLength(1)
    expect(clock.sleepers.size).toBe(0)
    expect(sink.stats()).toMatchObject({ retries: 0, ambiguous: 0, duplicates: 0 })
  })

  test("A batch that meets a configuration error is not split", async () => {
    const { sink, transport } = createScripted([denied])
    expect(await sink.writeBatch(eventsOf(5))).toEqual(Array(5).fill({ status: "failed", error: denied }))
    expect(transport.requests).toHaveLength(1)
  })
})

test("The stats count requests, rows and bytes as they were sent", async () => {
  const { sink, transport, clock } = createScripted([busy, "stored"])
  const batch = sink.writeBatch(eventsOf(3))
  await clock.advance(1_000)
  await batch
  const bytes = transport.requests.reduce((sum, request) => sum + request.bytes, 0)
  expect(sink.stats()).toMatchObject({ requests: 2, rows: 6, bytes, ambiguous: 0 })
})

describe("an ambiguous answer", () => {
  test("An ambiguous error is counted and retried, and a row that the first request stored counts as a duplicate", async () => {
    const { clock, sink } = createScripted([lost, { status: "inserted", rowsAffected: 0 }])
    const batch = sink.writeBatch([eventOf(1)])
    await clock.advance(1_000)
    expect(await batch).toEqual([{ status: "stored" }])
    expect(sink.stats()).toMatchObject({ ambiguous: 1, retries: 1, stored: 1, duplicates: 1 })
  })

  test("An event that fails after an ambiguous error is ambiguous, and its message mentions the possible copy", async () => {
    const { clock, sink } = createScripted([lost, busy], { retry: { maxAttempts: 2 } })
    const batch = sink.writeBatch([eventOf(1)])
    await clock.advance(1_000)
    const [outcome] = await batch
    expect(outcome).toMatchObject({ status: "failed", error: { code: "overloaded", ambiguous: true } })
    expect(outcome?.status === "failed" && outcome.error.message).toBe(
      "Busy. A request may have stored the event. [overloaded]",
    )
  })

  test("The pieces of a batch that met an ambiguous error are ambiguous", async () => {
    const { clock, sink } = createScripted([lost, tooLarge, busy], { retry: { maxAttempts: 2 } })
    const batch = sink.writeBatch(eventsOf(2))
    await clock.advance(10_000)
    expect(await batch).toMatchObject(
      Array(2).fill({ status: "failed", error: { code: "overloaded", ambiguous: true } }),
    )
  })

  test("An event that is aborted before the retry of an ambiguous request is ambiguous", async () => {
    const { clock, sink } = createScripted([lost])
    const abort = new AbortController()
    const batch = sink.writeBatch([eventOf(1)], abort)
    await clock.advance(0)
    abort.abort()
    expect(await batch).toMatchObject([{ status: "failed", error: { code: "aborted", ambiguous: true } }])
  })

  test("An event that is aborted before the retry of an unambiguous error is not ambiguous", async () => {
    const { clock, sink } = createScripted([busy])
    const abort = new AbortController()
    const batch = sink.writeBatch([eventOf(1)], abort)
    await clock.advance(0)
    abort.abort()
    expect(await batch).toMatchObject([{ status: "failed", error: { code: "aborted", ambiguous: false } }])
  })

  test("With onAmbiguous: fail an ambiguous error ends the attempts, and other errors are retried", async () => {
    const { clock, sink, transport } = createScripted([busy, lost], { onAmbiguous: "fail" })
    const batch = sink.writeBatch([eventOf(1)])
    await clock.advance(1_000)
    expect(await batch).toEqual([{ status: "failed", error: lost }])
    expect(transport.requests).toHaveLength(2)
  })
})

test("All pieces of a batch share its maxElapsedMs", async () => {
  const { clock, sink, transport } = createScripted([tooLarge, busy], {
    retry: { maxElapsedMs: 10_000 },
  })
  const batch = sink.writeBatch(eventsOf(2))
  await clock.advance(10_000)
  expect((await batch).map(({ status }) => status)).toEqual(["failed", "failed"])
  expect(transport.requests.length).toBeLessThan(12)
})

test("An aborted row counts neither as stored nor as a duplicate, and a cancelled retry is not counted", async () => {
  const { clock, sink, transport } = createScripted([{ status: "inserted", rowsAffected: 0 }])
  transport.hold()
  const abort = new AbortController()
  const batch = sink.writeBatch(eventsOf(3), abort)
  await flushMicrotasks()
  abort.abort()
  await batch
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
      bytes > maxBytes ? tooLarge : inserted({ rows }),
    )
    const observe = (event: ObserverEvent) => observed.push(event)
    return {
      clock,
      transport,
      observed,
      sink: createSink({ transport, runtime: clock.runtime, observe }),
    }
  }

  test("A batch that is too large is sent in halves until it fits", async () => {
    const { transport, sink, observed } = limitedTo(3_000)
    const events = eventsOf(200)
    expect((await sink.writeBatch(events)).every(({ status }) => status === "stored")).toBe(true)
    const accepted = transport.requests.filter(({ bytes }) => bytes <= 3_000)
    expect(accepted.flatMap(idsIn).sort()).toEqual(idsOf(events).sort())
    expect(sink.stats().splits).toBe(transport.requests.length - accepted.length)
    expect(observed.filter(({ type }) => type === "split")).toHaveLength(sink.stats().splits)
  })

  test("The sink stays below a size that was refused for five minutes", async () => {
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

  test("Only a row that is too large alone is rejected", async () => {
    const { sink } = limitedTo(2_000)
    const events = [...eventsOf(3), eventOf("large", { properties: { long: "x".repeat(2_000) } })]
    const outcomes = await sink.writeBatch(events)
    expect(outcomes.map(({ status }) => status)).toEqual(["stored", "stored", "stored", "rejected"])
    expect(outcomes[3]).toMatchObject({ error: { code: "row_too_large" } })
  })
})

describe("large requests that are lost", () => {
  /** Something on the way resets every request over 64 KB, before the table sees it. */
  const resetting = (options: Partial<SinkOptions> = {}) => {
    const clock = createClock()
    const transport = createTransport(({ rows, bytes }: InsertRequest) => {
      if (bytes > 64_000) throw lost
      return inserted({ rows })
    })
    return { clock, transport, sink: createSink({ transport, runtime: clock.runtime, ...options }) }
  }
  const large = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) =>
      eventOf(from + index, { properties: { text: "x".repeat(900) } }),
    )

  test("A batch that is lost twice is sent in halves until it gets through", async () => {
    const { clock, transport, sink } = resetting()
    const outcomes = sink.writeBatch(large(300))
    await clock.advance(120_000)
    expect((await outcomes).filter(({ status }) => status === "stored")).toHaveLength(300)
    expect(transport.requests.length).toBeLessThan(60)
    const before = transport.requests.length
    const next = sink.writeBatch(large(300, 1_000))
    await clock.advance(120_000)
    expect((await next).filter(({ status }) => status === "stored")).toHaveLength(300)
    expect(transport.requests.slice(before).every(({ bytes }) => bytes <= 64_000)).toBe(true)
  })

  test("Without retries later batches become smaller", async () => {
    const { sink } = resetting({ retry: false })
    const statuses = []
    for (let call = 0; call < 12; call++) {
      const outcomes = await sink.writeBatch(large(300, 1_000 * call))
      statuses.push(outcomes.filter(({ status }) => status === "stored").length)
    }
    expect(statuses[0]).toBe(0)
    expect(statuses.at(-1)).toBe(300)
  })

  test("Without deduplication a lost batch is not sent in halves", async () => {
    const { clock, transport, sink } = resetting({ deduplicate: false })
    const outcomes = sink.writeBatch(large(300))
    await clock.advance(600_000)
    expect((await outcomes).every(({ status }) => status === "failed")).toBe(true)
    expect(new Set(transport.requests.map(({ rows }) => rows))).toEqual(new Set([300]))
  })

  test("A small request that is lost, and one loss among answers, do not lower the limit", async () => {
    const answers = [lost, lost, lost, lost, "stored"] as (Error | "stored")[]
    const { sink, clock, seen } = createScripted(answers)
    const small = sink.writeBatch(eventsOf(2))
    await clock.advance(120_000)
    await small
    expect(seen("reduced_limit")).toEqual([])
    const { sink: other, clock: time, seen: seenByOther } = createScripted([lost, "stored", lost, "stored"])
    for (let call = 0; call < 2; call++) {
      const written = other.writeBatch(large(50, 100 * call))
      await time.advance(120_000)
      await written
    }
    expect(seenByOther("reduced_limit")).toEqual([])
  })
})

describe("the breaker", () => {
  test("After a configuration error rows fail without a request, except one request after each pause", async () => {
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

    // The second pause is twice as long.
    await clock.advance(1_999)
    await fail()
    expect(transport.requests).toHaveLength(2)
    await clock.advance(1)
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "stored" }])
    expect(await sink.writeBatch([eventOf(2)])).toEqual([{ status: "stored" }])
    const states = seen("breaker").map(({ state }) => state)
    expect(states).toEqual(["open", "half_open", "open", "half_open", "closed"])
  })

  test("After a pause only one request is sent, and other rows fail meanwhile", async () => {
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

  test("The pause is at most a minute", async () => {
    const { clock, sink, transport } = createScripted([denied])
    for (let i = 0; i < 20; i++) {
      await sink.writeBatch([eventOf(i)])
      await clock.advance(60_000)
    }
    expect(transport.requests).toHaveLength(20)
  })

  test("Another request may be sent if the one after the pause met a DeliveryError", async () => {
    const { clock, sink, transport } = createScripted([denied, busy, "stored"], { retry: false })
    await sink.writeBatch([eventOf(0)])
    await clock.advance(1_000)
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "failed", error: busy }])
    expect(await sink.writeBatch([eventOf(2)])).toEqual([{ status: "stored" }])
    expect(transport.requests).toHaveLength(3)
  })

  test("The breaker closes if the request after the pause met an EventError", async () => {
    const refused = new EventError({ code: "value_rejected", message: "No." })
    const { clock, sink, seen } = createScripted([denied, refused, "stored"])
    await sink.writeBatch([eventOf(0)])
    await clock.advance(1_000)
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "rejected", error: refused }])
    expect(await sink.writeBatch([eventOf(2)])).toEqual([{ status: "stored" }])
    expect(seen("breaker").map(({ state }) => state)).toEqual(["open", "half_open", "closed"])
  })

  test("Requests that fail together open the breaker once", async () => {
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
    // The pause counts from the first failure.
    await clock.advance(400)
    await sink.writeBatch([eventOf(9)])
    expect(transport.requests).toHaveLength(5)
  })

  test("Another request may be sent if the one after the pause met an unexpected response", async () => {
    const odd = new ConfigError({ code: "unexpected_response", message: "Odd." })
    const { clock, sink, transport } = createScripted([denied, odd, "stored"])
    await sink.writeBatch([eventOf(0)])
    await clock.advance(1_000)
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "failed", error: odd }])
    expect(await sink.writeBatch([eventOf(2)])).toEqual([{ status: "stored" }])
    expect(transport.requests).toHaveLength(3)
  })

  test("An unexpected response does not open the breaker", async () => {
    const odd = new ConfigError({ code: "unexpected_response", message: "Odd." })
    const { sink } = createScripted([odd, "stored"])
    expect(await sink.writeBatch([eventOf(0)])).toEqual([{ status: "failed", error: odd }])
    expect(await sink.writeBatch([eventOf(1)])).toEqual([{ status: "stored" }])
  })
})

describe("a table without deduplication", () => {
  test("An insert without deduplication is a plain INSERT and is not idempotent", async () => {
    const { sink, transport } = createScripted(["stored"], { deduplicate: false, table: "t" })
    await sink.write(eventOf(1))
    expect(transport.requests[0]).toMatchObject({ idempotent: false })
    expect(JSON.parse(transport.requests[0]?.body ?? "")).toEqual({
      sql: "INSERT INTO `t` (`messageId`,`timestamp`,`type`,`event`,`name`,`properties`,`userId`,`anonymousId`,`groupId`,`traits`,`context`) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
      database: "db",
      args: ["m1", "2026-11-22 06:13:12.535000", "track", null, null, null, null, null, null, null, null],
    })
  })

  test("Without deduplication a row that a unique key refuses counts as a duplicate", async () => {
    const there = new EventError({ code: "duplicate_key", message: "There." })
    const transport = createTransport(request => {
      if (idsIn(request).includes("m2")) throw there
      return { status: "inserted", rowsAffected: request.rows }
    })
    const sink = createSink({ transport, deduplicate: false })
    expect((await sink.writeBatch(eventsOf(5))).every(({ status }) => status === "stored")).toBe(true)
    expect(sink.stats()).toMatchObject({ stored: 5, duplicates: 1, rejected: 0 })
  })
})

test("An observer receives sizes, times and codes of each request, and what it throws is ignored", async () => {
  const { clock, sink, seen } = createScripted([busy, { status: "inserted", rowsAffected: 1 }])
  const batch = sink.writeBatch(eventsOf(3))
  await clock.advance(1_000)
  await batch
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
    throw new Error("from the observer")
  }
  expect(await createSink({ transport: createTransport(), observe }).writeBatch([eventOf(1)])).toEqual([
    { status: "stored" },
  ])
})

describe("deliveryTimeoutMs", () => {
  const limits = { deliveryTimeoutMs: 100, maxInFlight: 1 }

  test("Events older than deliveryTimeoutMs fail without a request, and younger ones are sent", async () => {
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

  test("A request in flight is not cut off at deliveryTimeoutMs", async () => {
    const { clock, sink, transport } = createScripted(["stored"], { limits })
    transport.hold()
    const batch = sink.writeBatch([eventOf(1)])
    await clock.advance(5_000)
    transport.release()
    expect(await batch).toEqual([{ status: "stored" }])
  })

  test("deliveryTimeoutMs ends the attempts, and the error is ambiguous if a request was not answered", async () => {
    const retry = { baseDelayMs: 150, maxAttempts: 5 }
    const { clock, sink, transport } = createScripted([lost], { limits, retry })
    const written = sink.write(eventOf(1)).catch(error => error)
    await clock.advance(1_000)
    expect(await written).toMatchObject({ code: "deadline_exceeded", ambiguous: true })
    expect(transport.requests).toHaveLength(1)
  })

  test("An event that is exactly deliveryTimeoutMs old is sent", async () => {
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
