import { describe, expect, test } from "vitest"
import { countBytes } from "../byte-length.ts"
import type { SinkOptions } from "../options.ts"
import { createSink } from "../sink.ts"
import { createTransport, eventOf, idsIn, idsOf } from "../testing/transport.ts"

/** Events whose rows are about so many bytes. */
const sized = (count: number, bytes: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    eventOf(from + index, { properties: { text: "x".repeat(bytes - 100) } }),
  )

/** A sink that counts how often rows are encoded: each encoding is counted in bytes once. */
function createCounted(options: Partial<SinkOptions> = {}) {
  let encodings = 0
  const transport = createTransport()
  const byteLength = (text: string) => {
    encodings++
    return countBytes(text)
  }
  const sink = createSink({ transport: transport, runtime: { byteLength }, ...options })
  return {
    transport,
    sink,
    async deliver(events: ReturnType<typeof sized>) {
      encodings = 0
      const before = transport.requests.length
      const outcomes = await sink.writeBatch(events)
      expect(outcomes.every(({ status }) => status === "stored")).toBe(true)
      return { encodings, requests: transport.requests.slice(before) }
    },
  }
}

describe("the rows of a delivery", () => {
  test("are encoded in one go where they fit a request", async () => {
    const { deliver } = createCounted()
    const { encodings, requests } = await deliver(sized(400, 1_000))
    expect({ encodings, requests: requests.length }).toEqual({ encodings: 1, requests: 1 })
  })

  test("are halved where they make two requests, each of them encoded in one go", async () => {
    const { deliver } = createCounted()
    await deliver(sized(100, 2_000))
    const { encodings, requests } = await deliver(sized(900, 2_000))
    expect({ encodings, rows: requests.map(({ rows }) => rows) }).toEqual({ encodings: 2, rows: [450, 450] })
  })

  test("fill all requests but the last where they make more than two, row by row at the end only", async () => {
    const { deliver } = createCounted()
    await deliver(sized(100, 1_000))
    const events = sized(5_000, 1_000)
    const { encodings, requests } = await deliver(events)
    expect(requests.flatMap(idsIn)).toEqual(idsOf(events))
    for (const { bytes } of requests.slice(0, -2)) expect(bytes).toBeGreaterThan(990_000)
    expect(encodings).toBeLessThan(requests.length * 12)
  })

  test("that are larger than expected are encoded in halves once, and the next time as they are", async () => {
    const { deliver } = createCounted()
    const first = await deliver(sized(90, 20_000))
    expect(first.encodings).toBeGreaterThan(2)
    const second = await deliver(sized(45, 20_000, 1_000))
    expect({ encodings: second.encodings, requests: second.requests.length }).toEqual({
      encodings: 1,
      requests: 1,
    })
  })

  test("that are smaller than expected are so for one time only", async () => {
    const { deliver } = createCounted()
    await deliver(sized(900, 300))
    const { encodings, requests } = await deliver(sized(2_500, 300))
    expect({ encodings, requests: requests.length }).toEqual({ encodings: 1, requests: 1 })
  })

  test("one odd row changes little of what is expected of many", async () => {
    const { deliver } = createCounted()
    await deliver(sized(400, 1_000))
    await deliver(sized(1, 200_000))
    expect((await deliver(sized(200, 1_000))).encodings).toBe(1)
  })

  test("are not joined to a batch that others have begun, but share its request", async () => {
    const { transport, sink } = createCounted()
    const write = sink.write(eventOf("first"))
    await sink.writeBatch(sized(3, 500))
    await write
    expect(transport.requests.map(idsIn)).toEqual([["mfirst", "m0", "m1", "m2"]])
  })

  test("up to maxRows: more go in the next request", async () => {
    const { deliver } = createCounted({ limits: { maxRows: 10 } })
    const { encodings, requests } = await deliver(sized(25, 500))
    expect(requests.map(({ rows }) => rows)).toEqual([10, 10, 5])
    expect(encodings).toBe(3)
  })

  test("with a row among them that JSON cannot hold are stored without it", async () => {
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

describe("a row alone", () => {
  test("may be as large as a request, to the byte", async () => {
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

  test("is encoded in the body of its request when it is delivered, and by itself when it is written", async () => {
    const { transport, sink } = createCounted()
    await sink.writeBatch([eventOf(1)])
    await sink.write(eventOf(1))
    expect(transport.requests[0]).toEqual(transport.requests[1])
  })
})
