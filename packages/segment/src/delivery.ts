import type { RequestClient } from "@segment/actions-core"
import { createSink, isSinkError, type LayoutName, type Outcome } from "@singlesink/core"
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
    return (await sink.deliver(payloads)).map(outcome =>
      outcome.status === "failed" && outcome.error.name === "ConfigError"
        ? { status: "failed", error: withAlterTable(outcome.error, table, extra) }
        : outcome,
    )
  } catch (error) {
    if (!isSinkError(error) || error.name === "EventError") throw error
    return payloads.map(() => ({ status: "failed", error }))
  }
}
