import { describe, expect, test } from "vitest"
import type { SinkEvent } from "./observe.ts"
import { createSink } from "./sink.ts"
import { createClock } from "./testing/clock.ts"
import { createPort, eventOf, eventsOf, idsIn, idsOf, settled } from "./testing/port.ts"

/** A sink on a clock of the test, and why its batches were cut. */
function createObserved(limits: object = {}) {
  const clock = createClock()
  const port = createPort()
  const reasons: string[] = []
  const observe = (event: SinkEvent) => {
    if (event.type === "batch") reasons.push(event.reason)
  }
  return { clock, port, reasons, sink: createSink({ api: port, runtime: clock.runtime, limits, observe }) }
}

describe("linger", () => {
  test("a lone row leaves at once", async () => {
    const { port, sink, reasons, clock } = createObserved()
    await sink.write(eventOf(1))
    expect(port.requests).toHaveLength(1)
    expect(reasons).toEqual(["idle"])
    expect(clock.sleepers.size).toBe(0)
  })

  test("a partial batch leaves when its first row is lingerMs old, however many come after", async () => {
    const { port, sink, reasons, clock } = createObserved({ lingerMs: 10 })
    port.hold()
    void sink.write(eventOf("busy"))
    await settled()
    for (let id = 0; id < 9; id++) {
      void sink.write(eventOf(id))
      await clock.advance(1)
    }
    expect(port.requests).toHaveLength(1)
    await clock.advance(1)
    expect(port.requests.map(idsIn)).toEqual([["mbusy"], idsOf(eventsOf(9))])
    expect(reasons).toEqual(["idle", "linger"])
    port.release()
  })

  test("its age counts while no slot is free", async () => {
    const { port, sink, clock } = createObserved({ lingerMs: 10, maxRows: 1, maxInFlight: 1 })
    port.hold()
    void sink.write(eventOf("busy"))
    await settled()
    void sink.write(eventOf(1))
    await clock.advance(50)
    expect(port.requests).toHaveLength(1)
    port.releaseOne()
    await settled()
    expect(port.requests).toHaveLength(2)
    port.release()
  })

  test("of zero waits for a slot only", async () => {
    const { port, sink, reasons } = createObserved({ lingerMs: 0, maxInFlight: 2 })
    port.hold()
    for (const event of eventsOf(3)) {
      void sink.write(event)
      await settled()
    }
    expect(port.requests.map(idsIn)).toEqual([["m0"], ["m1"]])
    expect(reasons).toEqual(["idle", "linger"])
    port.release()
  })

  test("is not for delivered events, nor for what is written before them", async () => {
    const { port, sink, reasons } = createObserved()
    port.hold()
    void sink.write(eventOf("busy"))
    await settled()
    void sink.write(eventOf(1))
    void sink.deliver([eventOf(2)])
    await settled()
    expect(port.requests.map(idsIn)).toEqual([["mbusy"], ["m1", "m2"]])
    expect(reasons).toEqual(["idle", "deliver"])
    port.release()
  })

  test("goes on where a timer woke a little too early", async () => {
    const clock = createClock()
    const port = createPort()
    const early = {
      ...clock.runtime,
      sleep: (ms: number, wake: () => void) => clock.runtime.sleep?.(Math.max(1, ms - 1), wake) ?? (() => {}),
    }
    const sink = createSink({ api: port, runtime: early, limits: { lingerMs: 10 } })
    port.hold()
    void sink.write(eventOf("busy"))
    await settled()
    void sink.write(eventOf(1))
    await clock.advance(20)
    expect(port.requests.map(idsIn)).toEqual([["mbusy"], ["m1"]])
    port.release()
  })

  test("is not for a queue that is full: nobody could come", async () => {
    const { port, sink, reasons } = createObserved({ maxQueuedRows: 3, lingerMs: 60_000 })
    port.hold()
    void sink.write(eventOf("busy"))
    await settled()
    for (const event of eventsOf(3)) void sink.write(event)
    await settled()
    expect(port.requests).toHaveLength(2)
    expect(reasons).toEqual(["idle", "rows"])
    port.release()
  })

  test("is not for a batch that is full to the last row", async () => {
    const { port, sink } = createObserved({ maxRows: 3, lingerMs: 60_000 })
    port.hold()
    void sink.write(eventOf("busy"))
    await settled()
    for (const event of eventsOf(3)) void sink.write(event)
    await settled()
    expect(port.requests).toHaveLength(2)
    port.release()
  })

  test("is called off when the batch leaves for another reason", async () => {
    const { port, sink, clock } = createObserved({ maxRows: 2 })
    port.hold()
    void sink.write(eventOf("busy"))
    await settled()
    void sink.write(eventOf(1))
    await settled()
    expect(clock.sleepers.size).toBe(1)
    void sink.write(eventOf(2))
    void sink.write(eventOf(3))
    await settled()
    expect(port.requests.map(idsIn)).toEqual([["mbusy"], ["m1", "m2"]])
    expect(clock.sleepers.size).toBe(1)
    port.release()
    await settled()
    expect(clock.sleepers.size).toBe(0)
  })
})

describe("a batch is cut", () => {
  test("by rows and by bytes, and says which", async () => {
    const byRows = createObserved({ maxRows: 3 })
    await byRows.sink.deliver(eventsOf(7))
    expect(byRows.reasons).toEqual(["rows", "rows", "deliver"])

    const byBytes = createObserved({ maxBytes: 1_000 })
    await byBytes.sink.deliver(eventsOf(20))
    expect(byBytes.reasons).toEqual([...Array(byBytes.reasons.length - 1).fill("bytes"), "deliver"])
  })

  test("so that requests are full while more is queued than one holds", async () => {
    const { port, sink } = createObserved({ maxBytes: 50_000 })
    const events = eventsOf(3_000).map((event, index) => ({
      ...event,
      properties: { text: "x".repeat(index % 500) },
    }))
    const outcomes = await sink.deliver(events)
    expect(outcomes.every(({ status }) => status === "stored")).toBe(true)
    const bytes = port.requests.map(request => request.bytes)
    expect(Math.min(...bytes.slice(0, -1))).toBeGreaterThanOrEqual(0.97 * 50_000)
    expect(Math.max(...bytes)).toBeLessThanOrEqual(50_000)
    const total = bytes.reduce((sum, size) => sum + size, 0)
    expect(bytes.length).toBeLessThanOrEqual(Math.ceil((1.03 * total) / 50_000))
  })

  test("in the order of first arrival, whoever wrote", async () => {
    const { port, sink } = createObserved({ maxRows: 4, maxInFlight: 1 })
    const all = [
      sink.write(eventOf(0)),
      sink.deliver(eventsOf(5, 1)),
      sink.write(eventOf(6)),
      sink.deliver(eventsOf(9, 7)),
    ]
    await Promise.all(all)
    expect(port.requests.flatMap(idsIn)).toEqual(idsOf(eventsOf(16)))
  })
})
