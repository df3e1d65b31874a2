import { DeliveryError, type Sink } from "@singlesink/core"

/** Most tables that are held at once. */
const maxTables = 50

export interface Tables {
  /** @throws DeliveryError where there are too many and none is idle */
  sinkOf(table: string | undefined): Sink
  /** Bytes of rows that wait, for all tables. */
  queuedBytes(): number
}

/**
 * The sink of each table, made when it is first needed. Where there are too many, one that is idle is let go: of
 * those the one that was unused for the longest.
 */
export function createTables(open: (table: string | undefined) => Sink): Tables {
  /** The most recently used last. */
  const sinks = new Map<string | undefined, Sink>()

  function letOneGo(): void {
    for (const [table, sink] of sinks) if (sink.stats().pending === 0) return void sinks.delete(table)
    const message = `Events for ${maxTables} tables wait already. Send the event again later.`
    throw new DeliveryError({ code: "too_busy", message })
  }

  return {
    sinkOf(table) {
      let sink = sinks.get(table)
      if (sink === undefined) {
        if (sinks.size >= maxTables) letOneGo()
        sink = open(table)
      }
      sinks.delete(table)
      sinks.set(table, sink)
      return sink
    },
    queuedBytes() {
      let bytes = 0
      for (const sink of sinks.values()) bytes += sink.stats().queuedBytes
      return bytes
    },
  }
}
