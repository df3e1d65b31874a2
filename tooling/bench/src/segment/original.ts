import type { DestinationDefinition, ExecuteInput, RequestClient } from "@segment/actions-core"
import { type Payload, toArgs } from "@singlesink/conformance/segment-original"
import { defaultColumns } from "@singlesink/core"
import { createDestination, type Settings } from "@singlesink/segment"

type PerformBatch = (request: RequestClient, data: ExecuteInput<Settings, Payload[]>) => unknown

/** Segment's own SingleStore destination, but over HTTP. The original supports only HTTPS. */
export function createOriginal(): DestinationDefinition<Settings> {
  return createWithOriginalFields("SingleStoreOriginal", async (request, { settings, payload }) => {
    const { host, port, username, password, dbName, tableName } = settings
    const response = await request(`http://${host}:${port}/api/v2/exec`, {
      method: "post",
      // With its options for credentials the client would build the body twice.
      headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` },
      json: toBody(payload, dbName, tableName ?? ""),
      throwHttpErrors: false,
    })
    if (response.status !== 200) throw new Error(`Failed to insert data: ${response.content}`)
    return response
  })
}

/** The floor: the framework filters, maps and validates the events, and calls a destination that does nothing. */
export function createNoop(): DestinationDefinition<Settings> {
  return createWithOriginalFields("SingleStoreNothing", () => undefined)
}

/**
 * A destination with the thirteen fields of the original. The cost of a field depends on its type and mapping, so both
 * are taken from our fields, and the framework does the same work for each side.
 *
 * @param name must be unique, because the framework caches compiled fields by it. A space would cost time per event.
 */
function createWithOriginalFields(name: string, performBatch: PerformBatch): DestinationDefinition<Settings> {
  const { presets = [], authentication, actions } = createDestination()
  const { send } = actions
  if (send === undefined) throw new Error("Our destination has no action `send`.")
  return {
    name,
    mode: "cloud",
    ...(authentication && { authentication }),
    presets: presets.map(preset => ({ ...preset, mapping: pickOriginal(preset.mapping ?? {}) })),
    actions: {
      send: {
        ...send,
        fields: pickOriginal(send.fields),
        perform: () => undefined,
        performBatch: performBatch as NonNullable<typeof send.performBatch>,
      },
    },
  }
}

const columnNames = defaultColumns.map(({ name }) => name)

const originalFields = [
  ...columnNames.map(name => (name === "messageId" ? "messageid" : name)),
  "enable_batching",
  "max_batch_size",
]

function pickOriginal<Value>(byField: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(
    originalFields.map(name => {
      const value = byField[name]
      if (value === undefined) throw new Error(`Our destination lacks ${name}, a field of the original.`)
      return [name, value]
    }),
  )
}

/** The body of toOriginalBody as an object, which the client of the framework serializes. */
function toBody(payloads: readonly Payload[], database: string, table: string): object {
  const rows = payloads.map(() => tuple).join(", ")
  const sql = `INSERT INTO \`${table.replaceAll("`", "``")}\` (${columnNames.join(", ")}) VALUES ${rows}`
  return { sql, database, args: payloads.flatMap(toArgs) }
}

const tuple = `(${columnNames.map(() => "?").join(", ")})`
