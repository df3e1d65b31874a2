import type { RequestClient } from "@segment/actions-core"
import {
  type Column,
  type ConfigError,
  createSink,
  isSinkError,
  type LayoutName,
  type Outcome,
} from "@singlesink/core"
import type { Fetch } from "@singlesink/data-api"
import { toColumns, withAlterTable } from "./columns.ts"
import { type ConnectionOptions, checkHost, open } from "./connection.ts"
import type { Payload } from "./fields.ts"
import { toFetch } from "./host.ts"
import type { Pool, PooledSink } from "./pool.ts"
import type { Settings } from "./settings.ts"

export interface DeliveryOptions extends ConnectionOptions {
  layout: LayoutName
  pool: Pool
}

export const defaultTable = "segment_data"
const defaultMaxRows = 100

/** One outcome per payload, in the same order: the one way of single events and of batches. */
export async function deliver(
  options: DeliveryOptions,
  request: RequestClient,
  settings: Settings,
  payloads: readonly Payload[],
): Promise<Outcome[]> {
  const [first] = payloads
  // As good as always they all go to one table: a mapping names it, if anything does.
  if (payloads.every(payload => isSamePlace(payload, first))) {
    return deliverGroup(options, request, settings, payloads)
  }
  const outcomes = new Array<Outcome>(payloads.length)
  await Promise.all(
    toGroups(payloads).map(async indexes => {
      const group = indexes.map(index => payloads[index] as Payload)
      const ofGroup = await deliverGroup(options, request, settings, group)
      for (const [position, index] of indexes.entries()) outcomes[index] = ofGroup[position] as Outcome
    }),
  )
  return outcomes
}

function isSamePlace({ database, table }: Payload, other: Payload | undefined): boolean {
  return database === other?.database && table === other?.table
}

/** Where the payloads are that go to the same table. */
function toGroups(payloads: readonly Payload[]): number[][] {
  const groups = new Map<string, number[]>()
  for (const [index, { database, table }] of payloads.entries()) {
    const key = JSON.stringify([database, table])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [index])
    else group.push(index)
  }
  return [...groups.values()]
}

async function deliverGroup(
  options: DeliveryOptions,
  request: RequestClient,
  settings: Settings,
  payloads: readonly Payload[],
): Promise<Outcome[]> {
  const [first] = payloads
  const table = first?.table || settings.tableName || defaultTable
  const database = first?.database || settings.dbName
  const maxRows = first?.max_batch_size ?? defaultMaxRows
  const { columns, extra } = toColumns(payloads)
  const { host, port, username, password } = settings
  const { layout, pool } = options
  const names = extra.map(({ name }) => name)
  const key = JSON.stringify([host, port, username, password, database, table, maxRows, names])

  function create(): PooledSink {
    const client = { request }
    const fetch: Fetch = (url, request) => toFetch(client.request)(url, request)
    const api = open(options, fetch, settings, database)
    // Segment keeps events and tries them again, for longer than we could.
    const sink = createSink({ api, table, columns, layout, retry: false, limits: { maxRows } })
    return { sink, client }
  }

  try {
    // The settings first: only a host that is one can be looked up.
    const pooled = pool.take(key) ?? create()
    await checkHost(options, settings)
    pooled.client.request = request
    const outcomes = await pooled.sink.deliver(payloads)
    // One that had trouble knows things that another call must not suffer from.
    if (outcomes.every(outcome => outcome.status === "stored")) pool.give(key, pooled)
    return extra.length === 0 ? outcomes : outcomes.map(outcome => explain(outcome, table, extra))
  } catch (error) {
    if (!isSinkError(error) || error.name === "EventError") throw error
    return payloads.map(() => ({ status: "failed", error }))
  }
}

/** An outcome that says how to add the columns which the mapping asks for. */
function explain(outcome: Outcome, table: string, extra: readonly Column[]): Outcome {
  const isOfSetUp = outcome.status === "failed" && outcome.error.name === "ConfigError"
  return isOfSetUp
    ? { status: "failed", error: withAlterTable(outcome.error as ConfigError, table, extra) }
    : outcome
}
