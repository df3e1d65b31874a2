import { describe, expect, test } from "vitest"
import type { ObserverEvent } from "../observer.ts"
import { createSink } from "../sink.ts"
import { createClock } from "../testing/clock.ts"
import { createTransport, eventOf, eventsOf, flushMicrotasks, idsIn, idsOf } from "../testing/transport.ts"

/** A sink on the test's clock, and the reasons why its batches were closed. */
function createObserved(limits: object = {}) {
  const clock = createClock()
  const transport = createTransport()
  const reasons: string[] = []
  const observe = (event: ObserverEvent) => {
    if (event.type === "batch") reasons.push(event.reason)
  }
  return {
    clock,
    transport,
    reasons,
    sink: createSink({ transport, runtime: clock.runtime, limits, observe }),
  }
}

describe("lingerMs", () => {
  test("A lone row leaves at once", async () => {
    const { transport, sink, reasons, clock } = createObserved()
    await sink.write(eventOf(1))
    expect(transport.requests).toHaveLength(1)
    expect(reasons).toEqual(["idle"])
    expect(clock.sleepers.size).toBe(0)
  })

  test("A partial batch leaves when its first row is lingerMs old, even if more rows keep coming", async () => {
    const { transport, sink, reasons, clock } = createObserved({ lingerMs: 10 })
    transport.hold()
    void sink.write(eventOf("busy"))
    await flushMicrotasks()
    for (let id = 0; id < 9; id++) {
      void sink.write(eventOf(id))
      await clock.advance(1)
    }
    expect(transport.requests).toHaveLength(1)
    await clock.advance(1)
    expect(transport.requests.map(idsIn)).toEqual([["mbusy"], idsOf(eventsOf(9))])
    expect(reasons).toEqual(["idle", "linger"])
    transport.release()
  })

  test("The age of a row counts while no slot is free", async () => {
    const { transport, sink, clock } = createObserved({ lingerMs: 10, maxRows: 1, maxInFlight: 1 })
    transport.hold()
    void sink.write(eventOf("busy"))
    await flushMicrotasks()
    void sink.write(eventOf(1))
    await clock.advance(50)
    expect(transport.requests).toHaveLength(1)
    transport.releaseOne()
    await flushMicrotasks()
    expect(transport.requests).toHaveLength(2)
    transport.release()
  })

  test("With lingerMs 0 a partial batch waits only for a free slot", async () => {
    const { transport, sink, reasons } = createObserved({ lingerMs: 0, maxInFlight: 2 })
    transport.hold()
    for (const event of eventsOf(3)) {
      void sink.write(event)
      await flushMicrotasks()
    }
    expect(transport.requests.map(idsIn)).toEqual([["m0"], ["m1"]])
    expect(reasons).toEqual(["idle", "linger"])
    transport.release()
  })

  test("With lingerWhenIdle a row lingers although no request is in flight, and flush sends it at once", async () => {
    const { transport, sink, reasons, clock } = createObserved({ lingerMs: 10, lingerWhenIdle: true })
    const written = sink.write(eventOf(1))
    await clock.advance(9)
    expect(transport.requests).toHaveLength(0)
    await clock.advance(1)
    await written
    const last = sink.write(eventOf(2))
    await sink.flush()
    await last
    expect(reasons).toEqual(["linger", "flush"])
  })

  test("Without timers lingerWhenIdle has no effect", async () => {
    const transport = createTransport()
    const sink = createSink({ transport, runtime: { sleep: undefined }, limits: { lingerWhenIdle: true } })
    await sink.write(eventOf(1))
    expect(transport.requests).toHaveLength(1)
  })

  test("The events of writeBatch do not linger, and neither do events written before them", async () => {
    const { transport, sink, reasons } = createObserved()
    transport.hold()
    void sink.write(eventOf("busy"))
    await flushMicrotasks()
    void sink.write(eventOf(1))
    void sink.writeBatch([eventOf(2)])
    await flushMicrotasks()
    expect(transport.requests.map(idsIn)).toEqual([["mbusy"], ["m1", "m2"]])
    expect(reasons).toEqual(["idle", "write_batch"])
    transport.release()
  })

  test("A batch lingers for the rest of its time if a timer wakes a little too early", async () => {
    const clock = createClock()
    const transport = createTransport()
    const early = {
      ...clock.runtime,
      sleep: (ms: number, wake: () => void) => clock.runtime.sleep?.(Math.max(1, ms - 1), wake) ?? (() => {}),
    }
    const sink = createSink({ transport, runtime: early, limits: { lingerMs: 10 } })
    transport.hold()
    void sink.write(eventOf("busy"))
    await flushMicrotasks()
    void sink.write(eventOf(1))
    await clock.advance(20)
    expect(transport.requests.map(idsIn)).toEqual([["mbusy"], ["m1"]])
    transport.release()
  })

  test("A batch does not linger while the queue is full, because no other row can join it", async () => {
    const { transport, sink, reasons } = createObserved({ maxQueuedRows: 3, lingerMs: 60_000 })
    transport.hold()
    void sink.write(eventOf("busy"))
    await flushMicrotasks()
    for (const event of eventsOf(3)) void sink.write(event)
    await flushMicrotasks()
    expect(transport.requests).toHaveLength(2)
    expect(reasons).toEqual(["idle", "rows"])
    transport.release()
  })

  test("A batch with maxRows rows does not linger", async () => {
    const { transport, sink } = createObserved({ maxRows: 3, lingerMs: 60_000 })
    transport.hold()
    void sink.write(eventOf("busy"))
    await flushMicrotasks()
    for (const event of eventsOf(3)) void sink.write(event)
    await flushMicrotasks()
    expect(transport.requests).toHaveLength(2)
    transport.release()
  })

  test("The timer of a batch is cancelled when the batch leaves for another reason", async () => {
    const { transport, sink, clock } = createObserved({ maxRows: 2 })
    transport.hold()
    void sink.write(eventOf("busy"))
    await flushMicrotasks()
    void sink.write(eventOf(1))
    await flushMicrotasks()
    expect(clock.sleepers.size).toBe(1)
    void sink.write(eventOf(2))
    void sink.write(eventOf(3))
    await flushMicrotasks()
    expect(transport.requests.map(idsIn)).toEqual([["mbusy"], ["m1", "m2"]])
    expect(clock.sleepers.size).toBe(1)
    transport.release()
    await flushMicrotasks()
    expect(clock.sleepers.size).toBe(0)
  })
})

describe("a full batch", () => {
  test("A batch is closed by rows or by bytes, and reports which", async () => {
    const byRows = createObserved({ maxRows: 3 })
    await byRows.sink.writeBatch(eventsOf(7))
    expect(byRows.reasons).toEqual(["rows", "rows", "write_batch"])

    const byBytes = createObserved({ maxBytes: 1_000 })
    await byBytes.sink.writeBatch(eventsOf(20))
    expect(byBytes.reasons).toEqual([...Array(byBytes.reasons.length - 1).fill("bytes"), "write_batch"])
  })

  test("Requests are full while more rows are queued than one request holds", async () => {
    const { transport, sink } = createObserved({ maxBytes: 50_000 })
    const events = eventsOf(3_000).map((event, index) => ({
      ...event,
      properties: { text: "x".repeat(index % 500) },
    }))
    const outcomes = await sink.writeBatch(events)
    expect(outcomes.every(({ status }) => status === "stored")).toBe(true)
    const bytes = transport.requests.map(request => request.bytes)
    expect(Math.min(...bytes.slice(0, -1))).toBeGreaterThanOrEqual(0.97 * 50_000)
    expect(Math.max(...bytes)).toBeLessThanOrEqual(50_000)
    const total = bytes.reduce((sum, size) => sum + size, 0)
    expect(bytes.length).toBeLessThanOrEqual(Math.ceil((1.03 * total) / 50_000))
  })

  test("Rows are sent in the order in which they came, whichever call they belong to", async () => {
    const { transport, sink } = createObserved({ maxRows: 4, maxInFlight: 1 })
    const all = [
      sink.write(eventOf(0)),
      sink.writeBatch(eventsOf(5, 1)),
      sink.write(eventOf(6)),
      sink.writeBatch(eventsOf(9, 7)),
    ]
    await Promise.all(all)
    expect(transport.requests.flatMap(idsIn)).toEqual(idsOf(eventsOf(16)))
  })
})
