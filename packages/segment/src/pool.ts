import type { RequestClient } from "@segment/actions-core"
import type { Sink } from "@singlesink/core"

/** A sink that is used by one call at a time, with the HTTP client of that call. */
export interface PooledSink {
  sink: Sink
  /** What the sink's requests go through now. */
  client: { request: RequestClient }
}

/** Sinks that are kept between calls: making one costs as much as a dozen events, and one that was used knows sizes. */
export interface Pool {
  take(key: string): PooledSink | undefined
  /** Keeps a sink that has nothing to do and had no trouble. */
  give(key: string, pooled: PooledSink): void
}

/** A worker of many tenants has many settings; of those that are idle only the newest are kept. */
const maxIdle = 50

export function createPool(): Pool {
  const idle: { key: string; pooled: PooledSink }[] = []
  return {
    take(key) {
      const index = idle.findIndex(entry => entry.key === key)
      return index === -1 ? undefined : idle.splice(index, 1)[0]?.pooled
    },
    give(key, pooled) {
      idle.push({ key, pooled })
      if (idle.length > maxIdle) idle.shift()
    },
  }
}
