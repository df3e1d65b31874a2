import { createSink, type ObserverEvent, type Sink } from "@singlesink/core"
import { type ResolvedOptions, toSinkOptions } from "../options.ts"

/** The sink of a table. */
export interface Table {
  readonly name: string
  readonly sink: Sink
}

export interface Tables {
  /** The table of a write key; the default table without one. */
  find(name: string | undefined): Table
  readonly list: readonly Table[]
}

/** Creates a sink for each table that a write key has, and for the default one. */
export function createTables(
  options: ResolvedOptions,
  observe: (table: string, event: ObserverEvent) => void,
): Tables {
  const { writeKeys, table: given = "segment_data" } = options
  const ofKeys = typeof writeKeys === "object" && !Array.isArray(writeKeys) ? Object.values(writeKeys) : []
  const names = new Set(
    ofKeys.length > 0 && options.signingSecret === undefined ? ofKeys : [given, ...ofKeys],
  )
  const tables = new Map<string, Table>()
  for (const name of names) {
    const sinkOptions = toSinkOptions(options, name)
    const sink = createSink({ ...sinkOptions, observe: event => observe(name, event) })
    tables.set(name, { name, sink })
  }
  return {
    find: name => tables.get(name ?? given) as Table,
    list: [...tables.values()],
  }
}
