import { describe, expect, test } from "vitest"
import type { Sink } from "./sink.ts"
import { createSinkCache, type SinkCacheOptions } from "./sink-cache.ts"
import {
  createTransport,
  eventOf,
  eventsOf,
  flushMicrotasks,
  type TestTransport,
} from "./testing/transport.ts"

interface Entry {
  sink: Sink
  key: string
}

/** A cache of sinks that share a transport, and the keys for which it created one. */
function createCached(options: SinkCacheOptions = {}) {
  const transport: TestTransport = createTransport()
  const created: string[] = []
  const cache = createSinkCache<Entry>(options)
  const take = (key: string) =>
    cache.take(key, createSink => {
      created.push(key)
      const limits = { maxInFlight: 1 }
      return { key, sink: createSink({ transport, table: key, limits }) }
    })
  /** Takes a sink and puts it back at once. */
  function share(key: string): Entry {
    const entry = take(key)
    cache.put(key, entry)
    return entry
  }
  return { transport, created, cache, take, share }
}

describe("take and put", () => {
  test("A sink is created for the first call with a key, and found by later calls", async () => {
    const { created, share } = createCached()
    const first = share("a")
    const other = share("b")
    expect(share("a")).toBe(first)
    expect(share("b")).toBe(other)
    expect(created).toEqual(["a", "b"])
    await first.sink.write(eventOf(1))
    expect(first.sink.stats()).toMatchObject({ stored: 1 })
  })

  test("A sink that is put back at once is shared by calls that overlap", async () => {
    const { share, transport, created } = createCached()
    await Promise.all([share("a").sink.write(eventOf(1)), share("a").sink.write(eventOf(2))])
    expect(created).toEqual(["a"])
    expect(transport.requests.map(({ rows }) => rows)).toEqual([2])
  })

  test("A sink that is put back after the call belongs to one call at a time", () => {
    const { take, cache, created } = createCached()
    const [first, second] = [take("a"), take("a")]
    expect(second).not.toBe(first)
    cache.put("a", first)
    cache.put("a", second)
    expect(new Set([take("a"), take("a")])).toEqual(new Set([first, second]))
    expect(created).toEqual(["a", "a"])
  })

  test("A sink that is not put back is created again", () => {
    const { take, created } = createCached()
    expect(take("a")).not.toBe(take("a"))
    expect(created).toEqual(["a", "a"])
  })

  test("An error of create reaches the caller and leaves nothing in the cache", () => {
    const { cache, take, created } = createCached({ maxSinks: 1 })
    const fail = () =>
      cache.take("a", createSink => ({ key: "a", sink: createSink({ transport: {} as never }) }))
    expect(fail).toThrow("Invalid options for createSink: `transport` must be")
    expect(fail).toThrow("[invalid_options]")
    take("a")
    expect(created).toEqual(["a"])
  })

  test("The cache holds 50 sinks by default", () => {
    const { share, created } = createCached()
    const keys = Array.from({ length: 51 }, (_, index) => `t${index}`)
    for (const key of keys) share(key)
    share("t50")
    share("t1")
    expect(created).toEqual(keys)
    share("t0")
    expect(created).toEqual([...keys, "t0"])
  })
})

describe("maxSinks", () => {
  test("The sink that has not been used for the longest time leaves a full cache", () => {
    const { share, created } = createCached({ maxSinks: 2 })
    for (const key of ["a", "b", "a", "c"]) share(key)
    expect(created).toEqual(["a", "b", "c"])
    share("a")
    share("c")
    expect(created).toEqual(["a", "b", "c"])
    share("b")
    expect(created).toEqual(["a", "b", "c", "b"])
  })

  test("A busy sink stays in the cache, and an idle one that was used later leaves it", async () => {
    const { share, created, transport } = createCached({ maxSinks: 2 })
    transport.hold()
    const busy = share("busy")
    const write = busy.sink.write(eventOf(1))
    share("idle")
    share("new")
    expect(share("busy")).toBe(busy)
    expect(created).toEqual(["busy", "idle", "new"])
    await flushMicrotasks()
    transport.release()
    await write
  })

  test("A new sink is refused with overloaded while all sinks of a full cache are busy", async () => {
    const { share, created, transport } = createCached({ maxSinks: 2 })
    transport.hold()
    const writes = ["a", "b"].map(key => share(key).sink.write(eventOf(key)))
    await flushMicrotasks()
    expect(() => share("c")).toThrow(
      expect.objectContaining({
        name: "DeliveryError",
        code: "overloaded",
        ambiguous: false,
        message: "Too many events wait. Send the event again later. [overloaded]",
      }),
    )
    expect(share("a").key).toBe("a")
    transport.release()
    await Promise.all(writes)
    expect(share("c").key).toBe("c")
    expect(created).toEqual(["a", "b", "c"])
  })

  test("Sinks that are put back after their calls do not make the cache larger than maxSinks", () => {
    const { take, cache, created } = createCached({ maxSinks: 2 })
    const entries = ["a", "a", "a"].map(take)
    for (const entry of entries) cache.put("a", entry)
    const again = ["a", "a", "a"].map(take)
    expect(created).toHaveLength(4)
    expect(again.filter(entry => entries.includes(entry))).toEqual(entries.slice(1))
  })
})

describe("maxQueuedBytes", () => {
  test("The queued bytes of all sinks count together, and take is refused with overloaded at the limit", async () => {
    const { share, transport } = createCached({ maxQueuedBytes: 2_000 })
    transport.hold()
    const [a, b] = [share("a").sink, share("b").sink]
    const writes = [a.write(eventOf("a")), b.write(eventOf("b"))]
    await flushMicrotasks()
    // Both slots are taken, so from now on rows are queued.
    const text = "x".repeat(1_000)
    writes.push(a.write(eventOf(1, { properties: { text } })))
    expect(share("a").sink).toBe(a)
    writes.push(b.write(eventOf(2, { properties: { text } })))
    for (const key of ["a", "b", "c"]) {
      expect(() => share(key)).toThrow(
        expect.objectContaining({
          name: "DeliveryError",
          code: "overloaded",
          message: "Too many events wait. Send the event again later. [overloaded]",
        }),
      )
    }
    transport.release()
    await Promise.all(writes)
    expect(share("a").sink).toBe(a)
    expect(share("c").key).toBe("c")
  })

  test("The queued bytes of a sink that has left the cache still count", async () => {
    const { take, transport } = createCached({ maxQueuedBytes: 1_000 })
    transport.hold()
    const { sink } = take("a")
    const batch = sink.writeBatch(eventsOf(1))
    await flushMicrotasks()
    const abort = new AbortController()
    const queued = sink.writeBatch([eventOf(1, { properties: { text: "x".repeat(1_000) } })], abort)
    expect(() => take("b")).toThrow("[overloaded]")
    abort.abort()
    await queued
    expect(take("b").key).toBe("b")
    transport.release()
    await batch
  })
})
