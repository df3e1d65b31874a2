import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { ConfigError, DeliveryError, EventError } from "../errors.ts"
import { createSink } from "../sink.ts"
import { createClock } from "../testing/clock.ts"
import { createTransport, eventsOf, idsIn, flushMicrotasks, type TestTransport } from "../testing/transport.ts"

const refused = new EventError({ code: "value_rejected", message: "A value.", engineCode: 1292 })

/** A database that refuses a request for any of these rows. */
function createPicky(bad: ReadonlySet<string>, toError: (id: string) => Error = () => refused): TestTransport {
  return createTransport(request => {
    const found = idsIn(request).find(id => bad.has(id))
    if (found !== undefined) throw toError(found)
    return { status: "inserted", rowsAffected: request.rows }
  })
}

const toIds = (indexes: readonly number[]) => new Set(indexes.map(index => `m${index}`))

describe("a known data error", () => {
  test("refuses just the bad rows, stores the rest, and asks little", async () => {
    const transport = createPicky(toIds([7, 500]))
    const sink = createSink({ transport: transport })
    const outcomes = await sink.writeBatch(eventsOf(1_000))
    const bad = outcomes.flatMap(({ status }, index) => (status === "rejected" ? [index] : []))
    expect(bad).toEqual([7, 500])
    expect(sink.stats()).toMatchObject({ stored: 998, rejected: 2, failed: 0 })
    expect(transport.requests.length).toBeLessThanOrEqual(1 + 2 * 2 * 11)
  })

  test("of more than half of 8 or more rows is the set-up's: none is refused, what is stored stays stored", async () => {
    const transport = createPicky(toIds([0, 1, 2, 3, 4, 5]))
    const outcomes = await createSink({ transport: transport }).writeBatch(eventsOf(10))
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["failed", "stored"]))
    for (const outcome of outcomes.slice(0, 6)) {
      expect(outcome).toMatchObject({
        status: "failed",
        error: { name: "ConfigError", code: "batch_rejected", engineCode: 1292 },
      })
    }
  })

  test("is asked about as little as it takes: a good half says that the other is bad", async () => {
    const transport = createPicky(toIds([7]))
    await createSink({ transport: transport }).writeBatch(eventsOf(8))
    // All of them; 0-3; 4-5; 6; 7.
    expect(transport.requests.map(({ rows }) => rows)).toEqual([8, 4, 2, 1, 1])
  })

  test("of exactly 8 rows, 5 of them bad, is the set-up's already", async () => {
    const outcomes = await createSink({ transport: createPicky(toIds([0, 1, 2, 3, 4])) }).writeBatch(eventsOf(8))
    expect(outcomes.some(({ status }) => status === "rejected")).toBe(false)
  })

  test("of half of them, or of most of fewer than 8, is the rows'", async () => {
    const half = await createSink({ transport: createPicky(toIds([0, 2, 4, 6])) }).writeBatch(eventsOf(8))
    expect(half.map(({ status }) => status)).toEqual(Array(4).fill(["rejected", "stored"]).flat())
    const few = await createSink({ transport: createPicky(toIds([0, 1, 2, 3, 4, 5])) }).writeBatch(eventsOf(7))
    expect(few.filter(({ status }) => status === "rejected")).toHaveLength(6)
  })

  test("that takes more than 64 requests to find is the set-up's too", async () => {
    const every20th = toIds(Array.from({ length: 50 }, (_, index) => index * 20))
    const transport = createPicky(every20th)
    const sink = createSink({ transport: transport })
    const outcomes = await sink.writeBatch(eventsOf(1_000))
    expect(transport.requests.length).toBeLessThanOrEqual(1 + 64)
    expect(sink.stats().rejected).toBe(0)
    expect(sink.stats().stored + sink.stats().failed).toBe(1_000)
    outcomes.forEach(({ status }, index) => {
      if (every20th.has(`m${index}`)) expect(status).toBe("failed")
    })
    expect(sink.stats().stored).toBeGreaterThan(0)
  })

  test("finds exactly the bad rows, or says that its bound was reached", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 1, max: 300 })
          .chain(count =>
            fc.tuple(fc.constant(count), fc.uniqueArray(fc.nat({ max: count - 1 }), { maxLength: 8 })),
          ),
        async ([count, indexes]) => {
          const bad = toIds(indexes)
          const transport = createPicky(bad)
          const sink = createSink({ transport: transport })
          const outcomes = await sink.writeBatch(eventsOf(count))
          const codes = outcomes.map(outcome => (outcome.status === "stored" ? "stored" : outcome.error.code))
          expect(transport.requests.length).toBeLessThanOrEqual(1 + 64)
          if (codes.includes("batch_rejected")) {
            const isMost = count >= 8 && indexes.length > count / 2
            expect(isMost || transport.requests.length > 62).toBe(true)
            expect(codes).not.toContain("value_rejected")
          } else {
            expect(codes).toEqual(
              codes.map((_, index) => (bad.has(`m${index}`) ? "value_rejected" : "stored")),
            )
          }
          // Nothing is stored twice: each accepted row was sent in one accepted request.
          const accepted = transport.requests.map(idsIn).filter(ids => !ids.some(id => bad.has(id)))
          expect(new Set(accepted.flat()).size).toBe(accepted.flat().length)
        },
      ),
    )
  })
})

test("a search that meets a busy server stays within its requests", async () => {
  const busy = new DeliveryError({ code: "overloaded", message: "Busy." })
  let count = 0
  const transport = createTransport(request => {
    if (++count % 2 === 0) throw busy
    if (idsIn(request).some(id => ["m3", "m140", "m250", "m399"].includes(id))) throw refused
    return { status: "inserted", rowsAffected: request.rows }
  })
  const clock = createClock(() => 0)
  const sink = createSink({ transport: transport, runtime: clock.runtime })
  const delivery = sink.writeBatch(eventsOf(400))
  for (let round = 0; round < 100; round++) await clock.advance(1)
  await delivery
  expect(transport.requests.length).toBeLessThanOrEqual(8 + 64)
  expect(sink.stats().pending).toBe(0)
})

describe("an error that nobody knows", () => {
  const odd = (message: string) => new ConfigError({ code: "unexpected_response", message })

  test("fails the row that meets it alone, and is never a refusal", async () => {
    const transport = createPicky(toIds([3]), () => odd("Odd."))
    const outcomes = await createSink({ transport: transport }).writeBatch(eventsOf(16))
    expect(outcomes.map(({ status }) => status)).toEqual(
      eventsOf(16).map((_, index) => (index === 3 ? "failed" : "stored")),
    )
  })

  test("that both halves meet alike stops the search at once", async () => {
    const transport = createTransport(() => {
      throw odd("All is odd.")
    })
    const outcomes = await createSink({ transport: transport }).writeBatch(eventsOf(100))
    expect(outcomes.every(({ status }) => status === "failed")).toBe(true)
    expect(transport.requests).toHaveLength(3)
  })

  test("that two rows meet in different words fails those two", async () => {
    const transport = createPicky(toIds([1, 12]), id => odd(`Odd: ${id}`))
    const outcomes = await createSink({ transport: transport }).writeBatch(eventsOf(16))
    expect(outcomes.flatMap(({ status }, index) => (status === "failed" ? [index] : []))).toEqual([1, 12])
  })
})

describe('bisect: "parallel"', () => {
  const open = (transport: TestTransport) => createSink({ transport: transport, bisect: "parallel" })

  test("asks for every row of up to 64 alone, all at once", async () => {
    const transport = createPicky(toIds([7, 50]))
    const outcomes = await open(transport).writeBatch(eventsOf(64))
    expect(outcomes.flatMap(({ status }, index) => (status === "rejected" ? [index] : []))).toEqual([7, 50])
    expect(transport.requests.map(({ rows }) => rows)).toEqual([64, ...Array(64).fill(1)])
  })

  test("sends the whole round before the first answer comes", async () => {
    const transport = createPicky(toIds([3]))
    const delivery = open(transport).writeBatch(eventsOf(8))
    await flushMicrotasks()
    transport.hold()
    const held = open(transport).writeBatch(eventsOf(8))
    await flushMicrotasks()
    transport.releaseOne()
    await flushMicrotasks()
    expect(transport.requests.slice(-8).map(({ rows }) => rows)).toEqual(Array(8).fill(1))
    transport.release()
    await Promise.all([delivery, held])
  })

  test("of more than 64 rows leaves a piece open that holds a bad one, and says to send it again", async () => {
    const transport = createPicky(toIds([7]))
    const outcomes = await open(transport).writeBatch(eventsOf(200))
    expect(transport.requests).toHaveLength(1 + 50)
    const failed = outcomes.flatMap((outcome, index) => (outcome.status === "stored" ? [] : [index]))
    expect(failed).toEqual([4, 5, 6, 7])
    expect(outcomes[7]).toMatchObject({
      status: "failed",
      error: { name: "DeliveryError", code: "deadline_exceeded", ambiguous: false, engineCode: 1292 },
    })
  })

  test("of more than half of 8 or more rows is the set-up's", async () => {
    const outcomes = await open(createPicky(toIds([0, 1, 2, 3, 4]))).writeBatch(eventsOf(8))
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array(5).fill("failed"),
      ...Array(3).fill("stored"),
    ])
    expect(outcomes[0]).toMatchObject({ error: { code: "batch_rejected" } })
  })

  test("fails the row that an error is about which nobody knows, and what did not work this time", async () => {
    const busy = new DeliveryError({ code: "overloaded", message: "Busy." })
    const odd = new ConfigError({ code: "unexpected_response", message: "Odd." })
    let count = 0
    const transport = createTransport(request => {
      if (idsIn(request).includes("m1")) throw odd
      if (++count === 3) throw busy
      return { status: "inserted", rowsAffected: request.rows }
    })
    const sink = createSink({ transport: transport, bisect: "parallel", retry: false })
    const outcomes = await sink.writeBatch(eventsOf(6))
    const codes = outcomes.map(outcome => (outcome.status === "stored" ? "stored" : outcome.error.code))
    expect(codes).toEqual(["stored", "unexpected_response", "stored", "overloaded", "stored", "stored"])
  })

  test("sends a row again that did not work, within 64 requests", async () => {
    const busy = new DeliveryError({ code: "overloaded", message: "Busy." })
    let count = 0
    const transport = createTransport(request => {
      if (++count === 3) throw busy
      if (idsIn(request).includes("m1")) throw refused
      return { status: "inserted", rowsAffected: request.rows }
    })
    const clock = createClock(() => 0)
    const sink = createSink({ transport: transport, bisect: "parallel", runtime: clock.runtime })
    const delivery = sink.writeBatch(eventsOf(6))
    await clock.advance(1)
    expect((await delivery).map(({ status }) => status)).toEqual([
      "stored",
      "rejected",
      ...Array(4).fill("stored"),
    ])
  })
})
