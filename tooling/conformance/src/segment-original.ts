/**
 * The peer: what Segment's own destination for SingleStore does with the events of a batch once the framework has mapped
 * them. One statement with eleven placeholders a row, its arguments, and the whole body as JSON. It checks nothing, knows
 * no sizes and cuts no batch.
 */

/** An event as the framework hands it over after the default mapping; the id is spelt in lower case there. */
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
 * The mapping is no part of the measured time: the framework does it for every destination, and it costs more than all
 * the rest. Traits are chosen as ours are, so that both sides write the same values.
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

export function toPeerBody(payloads: readonly Payload[], database: string, table: string): string {
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
