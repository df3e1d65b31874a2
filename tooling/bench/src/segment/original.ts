import type { DestinationDefinition, ExecuteInput, RequestClient } from "@segment/actions-core"
import { type Payload, toArgs } from "@singlesink/conformance/segment-original"
import { defaultColumns } from "@singlesink/core"
import { createDestination, type Settings } from "@singlesink/segment"

type PerformBatch = (request: RequestClient, data: ExecuteInput<Settings, Payload[]>) => unknown

/**
 * The peer: Segment's own destination for SingleStore. The server is asked over HTTP, where the original knows HTTPS
 * only.
 */
export function createOriginal(): DestinationDefinition<Settings> {
  return createWithOriginalFields("SingleStoreOriginal", async (request, { settings, payload }) => {
    const { host, port, username, password, dbName, tableName } = settings
    const response = await request(`http://${host}:${port}/api/v2/exec`, {
      method: "post",
      // The header and not the client's own options for it, with which it would make the body twice.
      headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` },
      json: toBody(payload, dbName, tableName ?? ""),
      throwHttpErrors: false,
    })
    if (response.status !== 200) throw new Error(`Failed to insert data: ${response.content}`)
    return response
  })
}

/** The floor: the framework, which has filtered, mapped and checked the events when it calls, and nothing more. */
export function createNoDestination(): DestinationDefinition<Settings> {
  return createWithOriginalFields("SingleStoreNothing", () => undefined)
}

/**
 * A destination with the thirteen fields of the original. What each costs the framework depends on its type and its
 * mapping, so they are taken from ours, and neither side wins by them.
 *
 * @param name another one for each: the framework keeps what it compiles of the fields by it. A space in it would cost
 *   time for each event.
 */
function createWithOriginalFields(name: string, performBatch: PerformBatch): DestinationDefinition<Settings> {
  const { presets = [], authentication, actions } = createDestination()
  const { send } = actions
  if (send === undefined) throw new Error("Our destination has no action that sends.")
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
      if (value === undefined) throw new Error(`Our destination has no ${name}, which the original has.`)
      return [name, value]
    }),
  )
}

/** As toPeerBody makes it, but not yet text: the client makes that. */
function toBody(payloads: readonly Payload[], database: string, table: string): object {
  const rows = payloads.map(() => tuple).join(", ")
  const sql = `INSERT INTO \`${table.replaceAll("`", "``")}\` (${columnNames.join(", ")}) VALUES ${rows}`
  return { sql, database, args: payloads.flatMap(toArgs) }
}

const tuple = `(${columnNames.map(() => "?").join(", ")})`
