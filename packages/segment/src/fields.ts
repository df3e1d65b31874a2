import type { ActionDefinition, Preset } from "@segment/actions-core"
import { type Column, type ColumnType, defaultColumns } from "@singlesink/core"
import { extraColumns, toFieldName } from "./columns.ts"
import type { Settings } from "./settings.ts"

/** What the mapping of one event gives: a value for each column, where it goes, and how it is sent. */
export interface Payload {
  readonly [field: string]: unknown
  readonly database?: string
  readonly table?: string
  readonly max_batch_size?: number
}

type Field = ActionDefinition<Settings>["fields"][string]

const fieldTypes: Readonly<Partial<Record<ColumnType, Field["type"]>>> = {
  TEXT: "string",
  "DATETIME(6)": "datetime",
  JSON: "object",
}

/** What the form says of each column, and what is not as the column table has it. */
const wordings: Readonly<Record<string, Pick<Field, "label" | "description"> & Partial<Field>>> = {
  messageId: { label: "Message ID", description: "A unique identifier for the message." },
  timestamp: { label: "Timestamp", description: "The timestamp of the event." },
  type: {
    label: "Event Type",
    description: "The type of the event: track, identify, page, screen, group or alias.",
  },
  event: {
    label: "Event Name",
    description: 'The name of the event. Only required for "track" events.',
    required: { conditions: [{ fieldKey: "type", operator: "is", value: "track" }] },
  },
  name: { label: "Name", description: "The name of the page or screen." },
  properties: { label: "Properties", description: "The properties of the track, page or screen event." },
  userId: { label: "User ID", description: "The user ID associated with the event." },
  anonymousId: { label: "Anonymous ID", description: "The anonymous ID associated with the event." },
  groupId: { label: "Group ID", description: "The group ID associated with the event." },
  traits: {
    label: "Traits",
    description: "The traits of the event, or else those of its context.",
    // biome-ignore lint/suspicious/noThenProperty: it is the directive's own word
    default: { "@if": { exists: path("$.traits"), then: path("$.traits"), else: path("$.context.traits") } },
  },
  context: {
    label: "Context",
    description: "The context of the event. Contains user environment information.",
  },
  previousId: { label: "Previous ID", description: "The ID that an alias call replaces." },
  category: { label: "Category", description: "The category of the page or screen." },
  channel: { label: "Channel", description: "Where the event comes from: browser, mobile or server." },
  version: { label: "Version", description: "The version of the tracking API." },
  receivedAt: { label: "Received At", description: "When Segment received the event." },
  sentAt: { label: "Sent At", description: "When the client sent the event, by its own clock." },
  originalTimestamp: {
    label: "Original Timestamp",
    description: "When the event happened, by the client's own clock.",
  },
  integrations: { label: "Integrations", description: "Which destinations the event is meant for." },
  message: {
    label: "Message",
    description: "The whole event as it came: map it to $. so that nothing of it is ever lost.",
  },
}

function path(path: string): { "@path": string } {
  return { "@path": path }
}

function toField(column: Column, rest: Partial<Field>): [string, Field] {
  const { label = column.name, description = "", ...wording } = wordings[column.name] ?? {}
  const type = fieldTypes[column.type] ?? "string"
  const field: Field = { label, description, type, ...rest, ...wording }
  return [toFieldName(column), column.required ? { required: true, ...field } : field]
}

/** Off by default, so that a mapping that was saved goes on as it was. */
function toExtraField(column: Column): [string, Field] {
  const [name, field] = toField(column, {})
  const description = `${field.description} Off unless mapped; the table needs a column ${column.name} ${column.type} then.`
  return [name, { ...field, description }]
}

/** The form of the action "Send Data", as people know it from Segment's own SingleStore destination, and more. */
export const sendFields: Record<string, Field> = {
  ...Object.fromEntries(defaultColumns.map(column => toField(column, { default: path(`$.${column.name}`) }))),
  ...Object.fromEntries(extraColumns.map(toExtraField)),
  database: {
    label: "Database",
    description: "Another database than that of the settings.",
    type: "string",
    dynamic: true,
  },
  table: {
    label: "Table",
    description: "Another table than that of the settings.",
    type: "string",
    dynamic: true,
  },
  enable_batching: {
    label: "Batch Data to SingleStore",
    description: "Sends many events in one request.",
    type: "boolean",
    default: true,
    unsafe_hidden: true,
  },
  batch_size: {
    label: "Batch Size",
    description: "The maximum number of events in a batch of Segment's.",
    type: "number",
    minimum: 1,
    maximum: 1000,
    default: 1000,
    unsafe_hidden: true,
  },
  batch_bytes: {
    label: "Batch Bytes",
    description: "The maximum size of a batch of Segment's, in bytes. A request is cut to 1 MB all the same.",
    type: "number",
    default: 950_000,
    unsafe_hidden: true,
  },
  max_batch_size: {
    label: "Max Batch Size",
    description: "The maximum number of rows to include in a batch.",
    type: "number",
    minimum: 1,
    maximum: 1000,
    default: 100,
    unsafe_hidden: true,
  },
}

export const defaultSubscription =
  'type = "track" or type = "screen" or type = "identify" or type = "page" or type = "group" or type = "alias"'

/** Everything, as the form has it from the start. */
export const presets: Preset[] = [
  {
    name: "All events",
    type: "automatic",
    partnerAction: "send",
    subscribe: defaultSubscription,
    mapping: Object.fromEntries(
      Object.entries(sendFields).flatMap(([name, field]) =>
        field.default === undefined ? [] : [[name, field.default]],
      ),
    ) as NonNullable<Preset["mapping"]>,
  },
]
