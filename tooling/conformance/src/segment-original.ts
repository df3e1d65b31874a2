/**
 * Segment's own SingleStore destination, from the mapped events of a batch to the body of the request: one statement with
 * eleven placeholders per row, and the arguments. It does not validate values, measure sizes or split a batch.
 */

/** An event as the framework passes it after the default mapping, which spells the id in lower case. */
export interface Payload {
  readonly messageid: string
  readonly timestamp: string
  readonly type: string
  readonly event?: string | undefined
  readonly name?: string | undefined
  readonly properties?: object | undefined
  readonly userId?: string | undefined
  readonly anonymousId?: string | undefined
  readonly groupId?: string | undefined
  readonly traits?: object | undefined
  readonly context?: object | undefined
}

/**
 * Maps an event as the framework does. Benchmarks do not measure this step, because the framework runs it for every
 * destination and it costs more than the rest. Traits are chosen as in our columns, so that both write the same values.
 */
export function toPayload(event: Readonly<Record<string, unknown>>): Payload {
  const { messageId, timestamp, type, event: name, context, traits, ...others } = event
  const { traits: contextTraits } = context as { traits?: object }
  const { properties, userId, anonymousId, groupId } = others
  return {
    messageid: messageId,
    timestamp,
    type,
    event: name,
    name: others.name,
    properties,
    userId,
    anonymousId,
    groupId,
    traits: traits ?? contextTraits,
    context,
  } as Payload
}

export function toOriginalBody(payloads: readonly Payload[], database: string, table: string): string {
  const sql = `INSERT INTO \`${table.replaceAll("`", "``")}\` (${columns.join(", ")}) VALUES ${payloads.map(toTuple).join(", ")}`
  return JSON.stringify({ sql, database, args: payloads.flatMap(toArgs) })
}

/** The values of one row. */
export function toArgs(payload: Payload): unknown[] {
  return [
    payload.messageid,
    payload.timestamp.replace("T", " ").replace("Z", ""),
    payload.type,
    payload.event ?? null,
    payload.name ?? null,
    payload.properties ?? null,
    payload.userId ?? null,
    payload.anonymousId ?? null,
    payload.groupId ?? null,
    payload.traits ?? null,
    payload.context ?? null,
  ]
}

const columns = [
  "messageId",
  "timestamp",
  "type",
  "event",
  "name",
  "properties",
  "userId",
  "anonymousId",
  "groupId",
  "traits",
  "context",
]

const tuple = `(${columns.map(() => "?").join(", ")})`
const toTuple = () => tuple
