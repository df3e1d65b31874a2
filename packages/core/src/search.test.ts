import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { ConfigError, DeliveryError, EventError } from "./errors.ts"
import { createSink } from "./sink.ts"
import { createClock } from "./testing/clock.ts"
import { createPort, eventsOf, idsIn, settled, type TestPort } from "./testing/port.ts"

const refused = new EventError({ code: "value_refused", message: "A value.", engineCode: 1292 })

/** A database that refuses a request for any of these rows. */
function createPicky(bad: ReadonlySet<string>, toError: (id: string) => Error = () => refused): TestPort {
  return createPort(request => {
    const found = idsIn(request).find(id => bad.has(id))
    if (found !== undefined) throw toError(found)
    return { rowsAffected: request.rows }
  })
}

const toIds = (indexes: readonly number[]) => new Set(indexes.map(index => `m${index}`))

describe("a known data error", () => {
  test("refuses just the bad rows, stores the rest, and asks little", async () => {
    const port = createPicky(toIds([7, 500]))
    const sink = createSink({ api: port })
    const outcomes = await sink.deliver(eventsOf(1_000))
    const bad = outcomes.flatMap(({ status }, index) => (status === "refused" ? [index] : []))
    expect(bad).toEqual([7, 500])
    expect(sink.stats()).toMatchObject({ stored: 998, refused: 2, failed: 0 })
    expect(port.requests.length).toBeLessThanOrEqual(1 + 2 * 2 * 11)
  })

  test("of more than half of 8 or more rows is the set-up's: none is refused, what is stored stays stored", async () => {
    const port = createPicky(toIds([0, 1, 2, 3, 4, 5]))
    const outcomes = await createSink({ api: port }).deliver(eventsOf(10))
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["failed", "stored"]))
    for (const outcome of outcomes.slice(0, 6)) {
      expect(outcome).toMatchObject({
        status: "failed",
        error: { name: "ConfigError", code: "systemic_refusal", engineCode: 1292 },
      })
    }
  })

  test("is asked about as little as it takes: a good half says that the other is bad", async () => {
    const port = createPicky(toIds([7]))
    await createSink({ api: port }).deliver(eventsOf(8))
    // All of them; 0-3; 4-5; 6; 7.
    expect(port.requests.map(({ rows }) => rows)).toEqual([8, 4, 2, 1, 1])
  })

  test("of exactly 8 rows, 5 of them bad, is the set-up's already", async () => {
    const outcomes = await createSink({ api: createPicky(toIds([0, 1, 2, 3, 4])) }).deliver(eventsOf(8))
    expect(outcomes.some(({ status }) => status === "refused")).toBe(false)
  })

  test("of half of them, or of most of fewer than 8, is the rows'", async () => {
    const half = await createSink({ api: createPicky(toIds([0, 2, 4, 6])) }).deliver(eventsOf(8))
    expect(half.map(({ status }) => status)).toEqual(Array(4).fill(["refused", "stored"]).flat())
    const few = await createSink({ api: createPicky(toIds([0, 1, 2, 3, 4, 5])) }).deliver(eventsOf(7))
    expect(few.filter(({ status }) => status === "refused")).toHaveLength(6)
  })

  test("that takes more than 64 requests to find is the set-up's too", async () => {
    const every20th = toIds(Array.from({ length: 50 }, (_, index) => index * 20))
    const port = createPicky(every20th)
    const sink = createSink({ api: port })
    const outcomes = await sink.deliver(eventsOf(1_000))
    expect(port.requests.length).toBeLessThanOrEqual(1 + 64)
    expect(sink.stats().refused).toBe(0)
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
          const port = createPicky(bad)
          const sink = createSink({ api: port })
          const outcomes = await sink.deliver(eventsOf(count))
          const codes = outcomes.map(outcome => (outcome.status === "stored" ? "stored" : outcome.error.code))
          expect(port.requests.length).toBeLessThanOrEqual(1 + 64)
          if (codes.includes("systemic_refusal")) {
            const isMost = count >= 8 && indexes.length > count / 2
            expect(isMost || port.requests.length > 62).toBe(true)
            expect(codes).not.toContain("value_refused")
          } else {
            expect(codes).toEqual(
              codes.map((_, index) => (bad.has(`m${index}`) ? "value_refused" : "stored")),
            )
          }
          // Nothing is stored twice: each accepted row was sent in one accepted request.
          const accepted = port.requests.map(idsIn).filter(ids => !ids.some(id => bad.has(id)))
          expect(new Set(accepted.flat()).size).toBe(accepted.flat().length)
        },
      ),
    )
  })
})

test("a search that meets a busy server stays within its requests", async () => {
  const busy = new DeliveryError({ code: "too_busy", message: "Busy." })
  let count = 0
  const port = createPort(request => {
    if (++count % 2 === 0) throw busy
    if (idsIn(request).some(id => ["m3", "m140", "m250", "m399"].includes(id))) throw refused
    return { rowsAffected: request.rows }
  })
  const clock = createClock(() => 0)
  const sink = createSink({ api: port, runtime: clock.runtime })
  const delivery = sink.deliver(eventsOf(400))
  for (let round = 0; round < 100; round++) await clock.advance(1)
  await delivery
  expect(port.requests.length).toBeLessThanOrEqual(8 + 64)
  expect(sink.stats().pending).toBe(0)
})

describe("an error that nobody knows", () => {
  const odd = (message: string) => new ConfigError({ code: "unknown_answer", message })

  test("fails the row that meets it alone, and is never a refusal", async () => {
    const port = createPicky(toIds([3]), () => odd("Odd."))
    const outcomes = await createSink({ api: port }).deliver(eventsOf(16))
    expect(outcomes.map(({ status }) => status)).toEqual(
      eventsOf(16).map((_, index) => (index === 3 ? "failed" : "stored")),
    )
  })

  test("that both halves meet alike stops the search at once", async () => {
    const port = createPort(() => {
      throw odd("All is odd.")
    })
    const outcomes = await createSink({ api: port }).deliver(eventsOf(100))
    expect(outcomes.every(({ status }) => status === "failed")).toBe(true)
    expect(port.requests).toHaveLength(3)
  })

  test("that two rows meet in different words fails those two", async () => {
    const port = createPicky(toIds([1, 12]), id => odd(`Odd: ${id}`))
    const outcomes = await createSink({ api: port }).deliver(eventsOf(16))
    expect(outcomes.flatMap(({ status }, index) => (status === "failed" ? [index] : []))).toEqual([1, 12])
  })
})

describe('search: "round"', () => {
  const open = (port: TestPort) => createSink({ api: port, search: "round" })

  test("asks for every row of up to 64 alone, all at once", async () => {
    const port = createPicky(toIds([7, 50]))
    const outcomes = await open(port).deliver(eventsOf(64))
    expect(outcomes.flatMap(({ status }, index) => (status === "refused" ? [index] : []))).toEqual([7, 50])
    expect(port.requests.map(({ rows }) => rows)).toEqual([64, ...Array(64).fill(1)])
  })

  test("sends the whole round before the first answer comes", async () => {
    const port = createPicky(toIds([3]))
    const delivery = open(port).deliver(eventsOf(8))
    await settled()
    port.hold()
    const held = open(port).deliver(eventsOf(8))
    await settled()
    port.releaseOne()
    await settled()
    expect(port.requests.slice(-8).map(({ rows }) => rows)).toEqual(Array(8).fill(1))
    port.release()
    await Promise.all([delivery, held])
  })

  test("of more than 64 rows leaves a piece open that holds a bad one, and says to send it again", async () => {
    const port = createPicky(toIds([7]))
    const outcomes = await open(port).deliver(eventsOf(200))
    expect(port.requests).toHaveLength(1 + 50)
    const failed = outcomes.flatMap((outcome, index) => (outcome.status === "stored" ? [] : [index]))
    expect(failed).toEqual([4, 5, 6, 7])
    expect(outcomes[7]).toMatchObject({
      status: "failed",
      error: { name: "DeliveryError", code: "too_late", ambiguous: false, engineCode: 1292 },
    })
  })

  test("of more than half of 8 or more rows is the set-up's", async () => {
    const outcomes = await open(createPicky(toIds([0, 1, 2, 3, 4]))).deliver(eventsOf(8))
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array(5).fill("failed"),
      ...Array(3).fill("stored"),
    ])
    expect(outcomes[0]).toMatchObject({ error: { code: "systemic_refusal" } })
  })

  test("fails the row that an error is about which nobody knows, and what did not work this time", async () => {
    const busy = new DeliveryError({ code: "too_busy", message: "Busy." })
    const odd = new ConfigError({ code: "unknown_answer", message: "Odd." })
    let count = 0
    const port = createPort(request => {
      if (idsIn(request).includes("m1")) throw odd
      if (++count === 3) throw busy
      return { rowsAffected: request.rows }
    })
    const sink = createSink({ api: port, search: "round", retry: false })
    const outcomes = await sink.deliver(eventsOf(6))
    const codes = outcomes.map(outcome => (outcome.status === "stored" ? "stored" : outcome.error.code))
    expect(codes).toEqual(["stored", "unknown_answer", "stored", "too_busy", "stored", "stored"])
  })

  test("sends a row again that did not work, within 64 requests", async () => {
    const busy = new DeliveryError({ code: "too_busy", message: "Busy." })
    let count = 0
    const port = createPort(request => {
      if (++count === 3) throw busy
      if (idsIn(request).includes("m1")) throw refused
      return { rowsAffected: request.rows }
    })
    const clock = createClock(() => 0)
    const sink = createSink({ api: port, search: "round", runtime: clock.runtime })
    const delivery = sink.deliver(eventsOf(6))
    await clock.advance(1)
    expect((await delivery).map(({ status }) => status)).toEqual([
      "stored",
      "refused",
      ...Array(4).fill("stored"),
    ])
  })
})
