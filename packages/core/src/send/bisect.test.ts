import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { ConfigError, DeliveryError, EventError } from "../errors.ts"
import type { SinkOptions } from "../options.ts"
import { createSink } from "../sink.ts"
import { createClock } from "../testing/clock.ts"
import {
  createTransport,
  eventOf,
  eventsOf,
  flushMicrotasks,
  idsIn,
  inserted,
  type TestTransport,
  tooLarge,
} from "../testing/transport.ts"
import type { InsertRequest } from "../transport.ts"

const refused = new EventError({
  code: "value_rejected",
  message: "A value.",
  engineCode: 1292,
  column: "userId",
  table: "t",
})
const busy = new DeliveryError({ code: "overloaded", message: "Busy." })
const lost = new DeliveryError({ code: "connection_lost", message: "Lost.", ambiguous: true })
const toUnknown = (message: string) => new ConfigError({ code: "unexpected_response", message })

/** A database that rejects a request with any of these rows. */
function createStrict(
  bad: ReadonlySet<string>,
  toError: (id: string) => Error = () => refused,
): TestTransport {
  return createTransport(request => {
    const found = idsIn(request).find(id => bad.has(id))
    if (found !== undefined) throw toError(found)
    return inserted(request)
  })
}

const toIds = (indexes: readonly number[]) => new Set(indexes.map(index => `m${index}`))
const toRange = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index)
const all = (count: number) => toIds(toRange(count))

/** Writes so many events, and returns what became of each. */
async function write(
  transport: TestTransport,
  count: number,
  options: Partial<SinkOptions> = {},
): Promise<string[]> {
  const outcomes = await createSink({ transport, ...options }).writeBatch(eventsOf(count))
  return outcomes.map(outcome => (outcome.status === "stored" ? "stored" : outcome.error.code))
}

const codesOf = (count: number, bad: ReadonlySet<string>) =>
  toRange(count).map(index => (bad.has(`m${index}`) ? "value_rejected" : "stored"))

/** Each row is in exactly one request without a bad row. */
function expectStoredOnce(requests: readonly InsertRequest[], bad: ReadonlySet<string>): void {
  const accepted = requests
    .map(idsIn)
    .filter(ids => !ids.some(id => bad.has(id)))
    .flat()
  expect(new Set(accepted).size).toBe(accepted.length)
}

/** The most requests that finding so many bad rows among others may cost. */
const toMostRequests = (rows: number, bad: number) =>
  bad === 0 ? 1 : 1 + 2 * bad * (Math.ceil(Math.log2(rows / bad)) + 2)

describe("a few bad rows", () => {
  test("Exactly the bad rows of a batch are rejected, and all others are stored", async () => {
    const bad = toIds([7, 500])
    const transport = createStrict(bad)
    const sink = createSink({ transport })
    const outcomes = await sink.writeBatch(eventsOf(1_000))
    expect(outcomes.flatMap(({ status }, index) => (status === "rejected" ? [index] : []))).toEqual([7, 500])
    expect(outcomes[7]).toEqual({ status: "rejected", error: refused })
    expect(sink.stats()).toMatchObject({ stored: 998, rejected: 2, failed: 0, pending: 0 })
    expect(transport.requests.length).toBeLessThanOrEqual(toMostRequests(1_000, 2))
  })

  test("A bad row is rejected only after a request with this row alone", async () => {
    const bad = toIds([3, 11])
    const transport = createStrict(bad)
    await write(transport, 30)
    const alone = transport.requests.map(idsIn).filter(ids => ids.length === 1)
    for (const id of bad) expect(alone).toContainEqual([id])
  })

  test("A piece that must hold the bad row is not sent whole again", async () => {
    for (let index = 0; index < 16; index++) {
      const bad = toIds([index])
      const transport = createStrict(bad)
      expect(await write(transport, 16)).toEqual(codesOf(16, bad))
      // After a piece is stored, the next request is half of its sibling.
      const rows = transport.requests.map(request => request.rows)
      const isBad = transport.requests.map(request => idsIn(request).includes(`m${index}`))
      for (const [at, count] of rows.entries())
        if (count > 1 && at > 0 && !isBad[at - 1]) expect(rows[at]).not.toBe(rows[at - 1])
      expect(rows.length).toBeLessThanOrEqual(1 + 2 * 4)
    }
  })

  const counts = fc.integer({ min: 1, max: 400 }).chain(rows => {
    // With more bad rows than an eighth of the batch, the table may be to blame.
    const most = Math.max(Math.floor(rows / 8), Math.min(7, Math.floor(rows / 2)))
    return fc.tuple(fc.constant(rows), fc.integer({ min: 0, max: most }))
  })
  const positions = counts.chain(([rows, bad]) =>
    fc.tuple(
      fc.constant(rows),
      fc.oneof(
        fc.uniqueArray(fc.nat({ max: rows - 1 }), { minLength: bad, maxLength: bad }),
        fc.nat({ max: rows - bad }).map(start => toRange(bad, start)),
        fc
          .nat({ max: rows - 1 })
          .map(start =>
            toRange(bad).map(index => (start + index * Math.floor(rows / Math.max(1, bad))) % rows),
          ),
      ),
    ),
  )

  test.each(["sequential", "parallel"] as const)(
    "In %s mode exactly the bad rows are rejected wherever they are, and no row is stored twice",
    async bisect => {
      await fc.assert(
        fc.asyncProperty(positions, async ([rows, indexes]) => {
          const bad = toIds(indexes)
          const transport = createStrict(bad)
          expect(await write(transport, rows, { bisect })).toEqual(codesOf(rows, bad))
          expectStoredOnce(transport.requests, bad)
          if (bisect === "sequential")
            expect(transport.requests.length).toBeLessThanOrEqual(toMostRequests(rows, bad.size))
        }),
        { numRuns: 60 },
      )
    },
  )

  test.each<[string, number[]]>([
    ["every fourth row", toRange(250).map(index => 4 * index + 3)],
    ["every 64th row", toRange(15).map(index => 64 * index + 63)],
    ["every second row", toRange(400).map(index => 2 * index + 1)],
  ])(
    "A regular pattern of bad rows is not mistaken for a wrong table: %s and 20 others",
    async (_, indexes) => {
      const bad = toIds([...indexes, ...toRange(20).map(index => 50 * index + 7)])
      expect(await write(createStrict(bad), 1_000)).toEqual(codesOf(1_000, bad))
    },
  )

  test("The requests of a batch with 40 percent bad rows stay within the bound, and all good rows are stored", async () => {
    const bad = toIds(toRange(400).map(index => (index * 617) % 1_000))
    const transport = createStrict(bad)
    expect(await write(transport, 1_000)).toEqual(codesOf(1_000, bad))
    expect(transport.requests.length).toBeLessThanOrEqual(toMostRequests(1_000, 400))
  })
})

describe("a table that rejects most rows", () => {
  test("If more than half of 8 or more rows are bad, they all fail with a ConfigError and none is rejected", async () => {
    const transport = createStrict(toIds([0, 1, 2, 3, 4, 5]))
    const outcomes = await createSink({ transport }).writeBatch(eventsOf(10))
    expect(outcomes.slice(6)).toEqual(Array(4).fill({ status: "stored" }))
    for (const outcome of outcomes.slice(0, 6)) {
      expect(outcome).toMatchObject({
        status: "failed",
        error: {
          name: "ConfigError",
          code: "batch_rejected",
          engineCode: 1292,
          column: "userId",
          table: "t",
          ambiguous: false,
        },
      })
    }
  })

  test("With 5 bad rows of 8 the table is to blame, with 4 of 8 or 6 of 7 the rows are", async () => {
    expect(await write(createStrict(all(5)), 8)).toEqual([
      ...Array(5).fill("batch_rejected"),
      ...Array(3).fill("stored"),
    ])
    const half = toIds([0, 2, 4, 6])
    expect(await write(createStrict(half), 8)).toEqual(codesOf(8, half))
    expect(await write(createStrict(all(6)), 7)).toEqual(codesOf(7, all(6)))
  })

  test("The search ends after fewer than 60 requests if all 5,000 rows are bad", async () => {
    const transport = createStrict(all(5_000))
    const codes = await write(transport, 5_000)
    expect(transport.requests[0]?.rows).toBe(5_000)
    expect(transport.requests.length).toBeLessThan(60)
    expect(codes).toEqual(Array(5_000).fill("batch_rejected"))
  })

  test("The search ends soon if three quarters of 5,000 rows are bad, and rejects none of them", async () => {
    const bad = toIds(toRange(5_000).filter(index => index % 4 > 0))
    const transport = createStrict(bad)
    const codes = await write(transport, 5_000)
    expect(transport.requests.length).toBeLessThan(300)
    expect(new Set(codes)).toEqual(new Set(["batch_rejected", "stored"]))
    for (const [index, code] of codes.entries()) if (bad.has(`m${index}`)) expect(code).toBe("batch_rejected")
  })

  test("A row that is too large alone says nothing about the table", async () => {
    let maxBytes = Number.POSITIVE_INFINITY
    const transport = createTransport(request => {
      if (request.bytes > maxBytes) return tooLarge
      // A smaller limit applies as soon as the batch has been rejected.
      maxBytes = 1_500
      if (idsIn(request).includes("m10")) throw refused
      return inserted(request)
    })
    const large = toRange(9).map(index => eventOf(index, { properties: { text: "x".repeat(2_000) } }))
    const outcomes = await createSink({ transport }).writeBatch([...large, ...eventsOf(3, 9)])
    expect(outcomes.map(outcome => (outcome.status === "stored" ? "stored" : outcome.error.code))).toEqual([
      ...Array(9).fill("row_too_large"),
      "stored",
      "value_rejected",
      "stored",
    ])
  })
})

describe("an unknown error", () => {
  test("A row that meets an unknown error alone fails and is not rejected", async () => {
    const transport = createStrict(toIds([3]), () => toUnknown("Unknown."))
    const sink = createSink({ transport })
    const outcomes = await sink.writeBatch(eventsOf(16))
    expect(outcomes.map(({ status }) => status)).toEqual(
      toRange(16).map(index => (index === 3 ? "failed" : "stored")),
    )
    expect(sink.stats()).toMatchObject({ stored: 15, failed: 1, rejected: 0 })
  })

  test.each<[string, (id: string) => Error]>([
    ["the same words", () => toUnknown("Unknown.")],
    ["different words", id => toUnknown(`Unknown: ${id}`)],
  ])("Two rows that meet an unknown error in %s fail, and the others are stored", async (_, toError) => {
    for (const indexes of [
      [1, 12],
      [0, 1],
      [14, 15],
      [7, 8],
    ]) {
      const bad = toIds(indexes)
      const codes = await write(createStrict(bad, toError), 16)
      expect(codes).toEqual(
        toRange(16).map(index => (bad.has(`m${index}`) ? "unexpected_response" : "stored")),
      )
    }
  })

  test("An unknown error that does not come back costs one request for each half, and all rows are stored", async () => {
    let isFirst = true
    const transport = createTransport(request => {
      if (!isFirst) return inserted(request)
      isFirst = false
      throw toUnknown("Unknown.")
    })
    expect(await write(transport, 16)).toEqual(Array(16).fill("stored"))
    expect(transport.requests.map(({ rows }) => rows)).toEqual([16, 8, 8])
  })

  test("All rows fail with the unknown error if every request meets it, after fewer than 60 requests", async () => {
    const error = toUnknown("Unknown.")
    const transport = createTransport(() => {
      throw error
    })
    const outcomes = await createSink({ transport }).writeBatch(eventsOf(5_000))
    expect(outcomes).toEqual(Array(5_000).fill({ status: "failed", error }))
    expect(transport.requests.length).toBeLessThan(60)
  })
})

describe("a search that is disturbed", () => {
  test("A busy server delays the search and does not change its result", async () => {
    const bad = toIds([3, 140, 250, 399])
    let count = 0
    const transport = createTransport(request => {
      if (++count % 2 === 0) throw busy
      if (idsIn(request).some(id => bad.has(id))) throw refused
      return inserted(request)
    })
    const clock = createClock(() => 0)
    const codes = write(transport, 400, { runtime: clock.runtime })
    for (let round = 0; round < 200; round++) await clock.advance(0)
    expect(await codes).toEqual(codesOf(400, bad))
    expect(transport.requests.length).toBeLessThanOrEqual(2 * toMostRequests(400, 4))
  })

  /** Writes events, of which m5 is bad, with requests that take a second each. */
  async function writeSlowly(count: number, toError: () => Error, retry: SinkOptions["retry"]) {
    let now = 0
    const transport = createTransport(request => {
      now += 1_000
      if (idsIn(request).includes("m5")) throw toError()
      return inserted(request)
    })
    const sink = createSink({ transport, retry, runtime: { now: () => now } })
    const outcomes = await sink.writeBatch(eventsOf(count))
    return { requests: transport.requests, outcomes, sink }
  }

  test("When maxElapsedMs is over the rows of undecided pieces fail with deadline_exceeded and none is rejected", async () => {
    const { requests, outcomes, sink } = await writeSlowly(64, () => refused, { maxElapsedMs: 3_500 })
    expect(requests.length).toBeLessThanOrEqual(6)
    expect(sink.stats().stored).toBeGreaterThanOrEqual(32)
    expect(sink.stats().failed).toBe(64 - sink.stats().stored)
    expect(outcomes[5]).toMatchObject({
      status: "failed",
      error: {
        name: "DeliveryError",
        code: "deadline_exceeded",
        ambiguous: false,
        engineCode: 1292,
        column: "userId",
        table: "t",
      },
    })
    const stored = new Set(requests.filter(request => !idsIn(request).includes("m5")).flatMap(idsIn))
    for (const [index, { status }] of outcomes.entries())
      expect(status).toBe(stored.has(`m${index}`) ? "stored" : "failed")
  })

  test("When maxElapsedMs is over the rows of undecided pieces with an unknown error fail with that error", async () => {
    const error = toUnknown("Unknown.")
    const { outcomes, sink } = await writeSlowly(64, () => error, { maxElapsedMs: 3_500 })
    expect(outcomes[5]).toEqual({ status: "failed", error })
    expect(sink.stats().failed).toBe(64 - sink.stats().stored)
  })

  test("A bad row that was proven alone before maxElapsedMs was over is rejected, for any maxElapsedMs", async () => {
    const seen = new Set<string>()
    for (let maxElapsedMs = 0; maxElapsedMs < 20_000; maxElapsedMs += 1_000) {
      const { requests, outcomes } = await writeSlowly(64, () => refused, { maxElapsedMs })
      const isProven = requests.some(request => request.rows === 1 && idsIn(request).includes("m5"))
      expect(outcomes[5]?.status).toBe(isProven ? "rejected" : "failed")
      seen.add(outcomes[5]?.status ?? "")
    }
    expect(seen).toEqual(new Set(["failed", "rejected"]))
  })

  test("With retry: false the search ends only when every bad row is proven", async () => {
    const { sink } = await writeSlowly(64, () => refused, false)
    expect(sink.stats()).toMatchObject({ stored: 63, rejected: 1, failed: 0 })
  })

  test.each(["sequential", "parallel"] as const)(
    "In %s mode an event that an earlier request may have stored fails instead of being rejected",
    async bisect => {
      let isFirst = true
      const transport = createTransport(request => {
        if (isFirst) {
          isFirst = false
          throw lost
        }
        if (idsIn(request).includes("m2")) throw refused
        return inserted(request)
      })
      const clock = createClock()
      const sink = createSink({ transport, bisect, runtime: clock.runtime })
      const batch = sink.writeBatch(eventsOf(6))
      await clock.advance(1_000)
      const outcomes = await batch
      expect(outcomes[2]).toEqual({ status: "failed", error: lost })
      expect(outcomes.filter(({ status }) => status === "stored")).toHaveLength(5)
    },
  )
})

describe('bisect: "parallel"', () => {
  const parallel = { bisect: "parallel" } as const

  test("A batch of up to 64 rows is sent again as single rows, all at once", async () => {
    const bad = toIds([7, 50])
    const transport = createStrict(bad)
    expect(await write(transport, 64, parallel)).toEqual(codesOf(64, bad))
    expect(transport.requests.map(({ rows }) => rows)).toEqual([64, ...Array(64).fill(1)])
  })

  test("All requests of a round are sent before the first answer", async () => {
    const transport = createStrict(toIds([3]))
    transport.hold()
    const codes = write(transport, 8, parallel)
    await flushMicrotasks()
    transport.releaseOne()
    await flushMicrotasks()
    expect(transport.requests.map(({ rows }) => rows)).toEqual([8, ...Array(8).fill(1)])
    transport.release()
    expect(await codes).toEqual(codesOf(8, toIds([3])))
  })

  test("Further rounds follow until every bad row of a larger batch is proven alone", async () => {
    const bad = toIds([7])
    const transport = createStrict(bad)
    expect(await write(transport, 200, parallel)).toEqual(codesOf(200, bad))
    const rows = transport.requests.map(request => request.rows)
    expect(rows.slice(0, 65)).toEqual([200, ...Array(8).fill(4), ...Array(56).fill(3)])
    // The piece with the bad row, row by row.
    expect(rows.slice(65)).toEqual(Array(rows.length - 65).fill(1))
    expect([3, 4]).toContain(rows.length - 65)
  })

  test("At most 64 requests are in flight at once, and the good rows of a full batch are stored", async () => {
    const bad = toIds(toRange(100).map(index => 50 * index + 1))
    let inFlight = 0
    let most = 0
    const strict = createStrict(bad)
    const transport: TestTransport = {
      ...strict,
      async send(request) {
        most = Math.max(most, ++inFlight)
        await Promise.resolve()
        const result = await strict.send(request)
        inFlight--
        return result
      },
    }
    expect(await write(transport, 5_000, parallel)).toEqual(codesOf(5_000, bad))
    expect(most).toBe(64)
  })

  test("If more than half of 8 or more rows are bad, they all fail and none is rejected", async () => {
    const codes = await write(createStrict(all(5)), 8, parallel)
    expect(codes).toEqual([...Array(5).fill("batch_rejected"), ...Array(3).fill("stored")])
  })

  test("The search ends after a few rounds if all 5,000 rows are bad", async () => {
    const transport = createStrict(all(5_000))
    expect(await write(transport, 5_000, parallel)).toEqual(Array(5_000).fill("batch_rejected"))
    expect(transport.requests.length).toBeLessThan(1 + 8 * 64)
  })

  test("A row fails with the unknown error or the DeliveryError that it meets alone", async () => {
    const transport = createTransport(request => {
      if (idsIn(request).includes("m1")) throw toUnknown("Unknown.")
      if (idsIn(request).includes("m3")) throw busy
      return inserted(request)
    })
    const codes = await write(transport, 6, { ...parallel, retry: false })
    expect(codes).toEqual(["stored", "unexpected_response", "stored", "overloaded", "stored", "stored"])
  })

  test("A row that meets a DeliveryError alone is sent again", async () => {
    let isBusy = true
    const transport = createTransport(request => {
      if (idsIn(request).includes("m1")) throw refused
      if (idsIn(request).includes("m3") && isBusy) {
        isBusy = false
        throw busy
      }
      return inserted(request)
    })
    const clock = createClock(() => 0)
    const codes = write(transport, 6, { ...parallel, runtime: clock.runtime })
    await clock.advance(1)
    expect(await codes).toEqual(codesOf(6, toIds([1])))
    expect(transport.requests).toHaveLength(1 + 6 + 1)
  })
})
