import type { RequestClient } from "@segment/actions-core"
import {
  type Column,
  type ConfigError,
  createSink,
  isSinkError,
  type LayoutName,
  type Outcome,
} from "@singlesink/core"
import { toColumns, withAlterTable } from "./columns.ts"
import { type ConnectionOptions, connect } from "./connection.ts"
import type { Payload } from "./fields.ts"
import type { Settings } from "./settings.ts"

export interface DeliveryOptions extends ConnectionOptions {
  layout: LayoutName
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
  const { columns, extra } = toColumns(payloads)
  try {
    const sink = createSink({
      api: await connect(options, request, settings, first?.database || settings.dbName),
      table,
      columns,
      layout: options.layout,
      // Segment keeps events and tries them again, for longer than we could.
      retry: false,
      limits: { maxRows: first?.max_batch_size ?? defaultMaxRows },
    })
    const outcomes = await sink.deliver(payloads)
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
