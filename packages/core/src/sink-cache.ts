import type { Queue } from "./batch/batcher.ts"
import { DeliveryError } from "./errors.ts"
import type { CachedSinkOptions } from "./options.ts"
import { openSink, type Sink } from "./sink.ts"

/** The options of `createSinkCache`. */
export interface SinkCacheOptions {
  /** The most sinks in the cache. At the limit the one that was idle for the longest is dropped. @default 50 */
  maxSinks?: number | undefined
  /** The most queued bytes of all sinks together. At the limit `take` throws. @default no limit */
  maxQueuedBytes?: number | undefined
}

/** Sinks that a host keeps between calls, each with what belongs to it, by what it was created from. */
export interface SinkCache<Entry extends { sink: Sink }> {
  /**
   * Takes the sink of a key out of the cache, or creates it. Put it back at once to share it between calls, or after the
   * call to use it alone. Do not put it back if it had trouble.
   *
   * @param create creates the entry. Its `createSink` counts the queued bytes of all sinks of the cache
   * @throws DeliveryError `overloaded` if too many bytes are queued, or if every sink of a full cache is busy
   */
  take(key: string, create: (createSink: (options: CachedSinkOptions) => Sink) => Entry): Entry
  put(key: string, entry: Entry): void
}

/**
 * Creates a cache of sinks for hosts that receive the table or the settings with each call.
 *
 * @example
 * const cache = createSinkCache()
 * const entry = cache.take(table, createSink => ({ sink: createSink({ transport, table }) }))
 * cache.put(table, entry)
 * await entry.sink.write(event)
 */
export function createSinkCache<Entry extends { sink: Sink } = { sink: Sink }>({
  maxSinks = 50,
  maxQueuedBytes = Number.POSITIVE_INFINITY,
}: SinkCacheOptions = {}): SinkCache<Entry> {
  const queue: Queue = { bytes: 0 }
  /** The most recently used last. */
  const cached: { key: string; entry: Entry }[] = []

  function dropIdle(): boolean {
    const idle = cached.findIndex(({ entry }) => entry.sink.stats().pending === 0)
    if (idle !== -1) cached.splice(idle, 1)
    return idle !== -1
  }

  return {
    take(key, create) {
      if (queue.bytes >= maxQueuedBytes) throw toOverloadedError()
      const index = cached.findIndex(item => item.key === key)
      const [found] = index === -1 ? [] : cached.splice(index, 1)
      if (found !== undefined) return found.entry
      if (cached.length >= maxSinks && !dropIdle()) throw toOverloadedError()
      return create(options => openSink(options, queue))
    },
    put(key, entry) {
      cached.push({ key, entry })
      if (cached.length > maxSinks) dropIdle()
    },
  }
}

function toOverloadedError(): DeliveryError {
  return new DeliveryError({
    code: "overloaded",
    message: "Too many events wait. Send the event again later.",
  })
}
