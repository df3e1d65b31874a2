import { describe, expect, test } from "vitest"
import { countBytes } from "../byte-length.ts"
import type { SinkOptions } from "../options.ts"
import { createSink } from "../sink.ts"
import { createTransport, eventOf, idsIn, idsOf } from "../testing/transport.ts"

/** Events whose rows have about so many bytes. */
const sized = (count: number, bytes: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    eventOf(from + index, { properties: { text: "x".repeat(bytes - 100) } }),
  )

/** A sink that counts how often rows are encoded: core counts the bytes of each encoding once. */
function createCounted(options: Partial<SinkOptions> = {}) {
  let encodings = 0
  const transport = createTransport()
  const byteLength = (text: string) => {
    encodings++
    return countBytes(text)
  }
  const sink = createSink({ transport, runtime: { byteLength }, ...options })
  return {
    transport,
    sink,
    async writeBatch(events: ReturnType<typeof sized>) {
      encodings = 0
      const before = transport.requests.length
      const outcomes = await sink.writeBatch(events)
      expect(outcomes.every(({ status }) => status === "stored")).toBe(true)
      return { encodings, requests: transport.requests.slice(before) }
    },
  }
}

describe("the rows of a writeBatch", () => {
  test("Rows that fit a request are encoded together", async () => {
    const { writeBatch } = createCounted()
    const { encodings, requests } = await writeBatch(sized(400, 1_000))
    expect({ encodings, requests: requests.length }).toEqual({ encodings: 1, requests: 1 })
  })

  test("Rows that need two requests are halved, and each half is encoded together", async () => {
    const { writeBatch } = createCounted()
    await writeBatch(sized(100, 2_000))
    const { encodings, requests } = await writeBatch(sized(900, 2_000))
    expect({ encodings, rows: requests.map(({ rows }) => rows) }).toEqual({ encodings: 2, rows: [450, 450] })
  })

  test("Rows that need many requests fill each of them, and only the end of a request is filled row by row", async () => {
    const { writeBatch } = createCounted()
    await writeBatch(sized(100, 1_000))
    const events = sized(5_000, 1_000)
    const { encodings, requests } = await writeBatch(events)
    expect(requests.flatMap(idsIn)).toEqual(idsOf(events))
    for (const { bytes } of requests.slice(0, -2)) expect(bytes).toBeGreaterThan(990_000)
    expect(encodings).toBeLessThan(requests.length * 12)
  })

  test("Rows that are larger than expected are encoded in halves the first time and together the next time", async () => {
    const { writeBatch } = createCounted()
    const first = await writeBatch(sized(90, 20_000))
    expect(first.encodings).toBeGreaterThan(2)
    const second = await writeBatch(sized(45, 20_000, 1_000))
    expect({ encodings: second.encodings, requests: second.requests.length }).toEqual({
      encodings: 1,
      requests: 1,
    })
  })

  test("Rows that are smaller than expected change the expectation at once", async () => {
    const { writeBatch } = createCounted()
    await writeBatch(sized(900, 300))
    const { encodings, requests } = await writeBatch(sized(2_500, 300))
    expect({ encodings, requests: requests.length }).toEqual({ encodings: 1, requests: 1 })
  })

  test("One unusual row changes the expectation for many rows only a little", async () => {
    const { writeBatch } = createCounted()
    await writeBatch(sized(400, 1_000))
    await writeBatch(sized(1, 200_000))
    expect((await writeBatch(sized(200, 1_000))).encodings).toBe(1)
  })

  test("The rows of a writeBatch share the request of a batch that another call has begun", async () => {
    const { transport, sink } = createCounted()
    const write = sink.write(eventOf("first"))
    await sink.writeBatch(sized(3, 500))
    await write
    expect(transport.requests.map(idsIn)).toEqual([["mfirst", "m0", "m1", "m2"]])
  })

  test("Rows beyond maxRows go into the next request", async () => {
    const { writeBatch } = createCounted({ limits: { maxRows: 10 } })
    const { encodings, requests } = await writeBatch(sized(25, 500))
    expect(requests.map(({ rows }) => rows)).toEqual([10, 10, 5])
    expect(encodings).toBe(3)
  })

  test("A row that JSON cannot represent is rejected, and the rows around it are stored", async () => {
    const { transport, sink } = createCounted()
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    const outcomes = await sink.writeBatch([
      ...sized(9, 300),
      eventOf("bad", { traits: cycle }),
      ...sized(9, 300, 100),
    ])
    expect(outcomes.map(({ status }) => status).indexOf("rejected")).toBe(9)
    expect(outcomes[9]).toMatchObject({ error: { code: "invalid_json", column: "traits" } })
    expect(transport.requests.flatMap(idsIn)).toHaveLength(18)
  })
})

describe("a single row", () => {
  test("A single row may be exactly as large as a request", async () => {
    const sizes = createCounted()
    const [request] = (await sizes.writeBatch(sized(1, 5_000))).requests
    const maxBytes = request?.bytes ?? 0
    const exact = createCounted({ limits: { maxBytes } })
    expect((await exact.writeBatch(sized(1, 5_000))).requests).toHaveLength(1)
    const [outcome] = await createCounted({ limits: { maxBytes: maxBytes - 1 } }).sink.writeBatch(
      sized(1, 5_000),
    )
    expect(outcome).toMatchObject({ status: "rejected", error: { code: "row_too_large" } })
    expect(outcome?.status === "rejected" && outcome.error.message).toContain(`${maxBytes} bytes`)
  })

  test("A single row makes the same request whether write or writeBatch sends it", async () => {
    const { transport, sink } = createCounted()
    await sink.writeBatch([eventOf(1)])
    await sink.write(eventOf(1))
    expect(transport.requests[0]).toEqual(transport.requests[1])
  })
})
