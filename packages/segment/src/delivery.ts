import {
  type Column,
  type ConfigError,
  isSinkError,
  type Outcome,
  type Sink,
  type SinkCache,
} from "@singlesink/core"
import { createSwitchableFetch, type SwitchableFetch } from "@singlesink/data-api"
import { toColumns, withAlterTable } from "./columns.ts"
import { type ConnectionOptions, open, type SegmentCall } from "./connection.ts"
import { toFetch } from "./host.ts"
import { normalizePayload } from "./normalize.ts"
import type { Payload } from "./payload.ts"
import { trim } from "./settings.ts"

/** A sink that is used by one call at a time, and its HTTP client. */
export interface CachedSink {
  sink: Sink
  fetch: SwitchableFetch
}

export interface DeliveryOptions extends ConnectionOptions {
  deduplicate: boolean
}

/** The most tables that a call sends to at once. Each of them has several requests in flight. */
const maxTablesAtOnce = 4

/** Sends the payloads of a call. Returns one outcome per payload, in the same order. */
export async function deliver(
  call: SegmentCall<DeliveryOptions>,
  payloads: readonly Payload[],
  cache: SinkCache<CachedSink>,
): Promise<Outcome[]> {
  const [first] = payloads
  // Almost always they all go to one table, the one of the mapping or of the settings.
  if (payloads.every(payload => hasSameTable(payload, first))) return deliverToTable(call, payloads, cache)
  const outcomes = new Array<Outcome>(payloads.length)
  const groups = groupByTable(payloads).values()
  const worker = async () => {
    for (const indexes of groups) {
      const group = indexes.map(index => payloads[index] as Payload)
      const ofGroup = await deliverToTable(call, group, cache)
      for (const [position, index] of indexes.entries()) outcomes[index] = ofGroup[position] as Outcome
    }
  }
  await Promise.all(Array.from({ length: maxTablesAtOnce }, worker))
  return outcomes
}

function hasSameTable({ database, table }: Payload, other: Payload | undefined): boolean {
  return database === other?.database && table === other?.table
}

const defaultMaxRows = 100

/** The rows of a request: what the form or a mapping gives, as a whole number in the range of the field. */
function toMaxRows(value: unknown): number {
  const rows = Math.round(Number(trim(value) || defaultMaxRows))
  return Number.isNaN(rows) ? defaultMaxRows : Math.min(Math.max(rows, 1), 1_000)
}

/** The indexes of the payloads for each table. */
function groupByTable(payloads: readonly Payload[]): number[][] {
  const groups = new Map<string, number[]>()
  for (const [index, { database, table }] of payloads.entries()) {
    const key = JSON.stringify([database, table])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [index])
    else group.push(index)
  }
  return [...groups.values()]
}

async function deliverToTable(
  call: SegmentCall<DeliveryOptions>,
  payloads: readonly Payload[],
  cache: SinkCache<CachedSink>,
): Promise<Outcome[]> {
  const { settings, request, deadline } = call
  const [first] = payloads
  const table = trim(first?.table) || settings.table
  const database = trim(first?.database) || settings.database
  const maxRows = toMaxRows(first?.max_batch_size)
  const { columns, extra } = toColumns(payloads)
  const names = extra.map(({ name }) => name)
  const { host, port, username, password } = settings
  const key = JSON.stringify([host, port, username, password, database, table, maxRows, names])

  try {
    const cached = cache.take(key, createSink => {
      const fetch = createSwitchableFetch()
      const transport = open(call, fetch, database)
      const { deduplicate } = call.options
      // Segment keeps events and retries them for longer than a call could.
      const sink = createSink({ transport, table, columns, deduplicate, retry: false, limits: { maxRows } })
      return { sink, fetch }
    })
    await call.checkHost()
    cached.fetch.use(toFetch(request, deadline))
    const outcomes = await cached.sink.writeBatch(payloads.map(normalizePayload))
    // A sink that had trouble has learned things that must not affect another call.
    if (outcomes.every(outcome => outcome.status === "stored")) cache.put(key, cached)
    return extra.length === 0 ? outcomes : outcomes.map(outcome => withColumnHint(outcome, table, extra))
  } catch (error) {
    if (!isSinkError(error) || error.name === "EventError") throw error
    return payloads.map(() => ({ status: "failed", error }))
  }
}

/** Adds the ALTER TABLE statement to an error about a column that only the mapping asks for. */
function withColumnHint(outcome: Outcome, table: string, extra: readonly Column[]): Outcome {
  if (outcome.status !== "failed" || outcome.error.name !== "ConfigError") return outcome
  return { status: "failed", error: withAlterTable(outcome.error as ConfigError, table, extra) }
}
