import type { ActionDefinition, Preset } from "@segment/actions-core"
import { type Column, type ColumnType, defaultColumns } from "@singlesink/core"
import { extraColumns, toFieldName } from "./columns.ts"
import type { Settings } from "./settings.ts"

type Field = ActionDefinition<Settings>["fields"][string]

const fieldTypes: Readonly<Partial<Record<ColumnType, Field["type"]>>> = {
  TEXT: "string",
  // Not "datetime", because actions-core then rejects forms of time that Segment itself produces.
  "DATETIME(6)": "string",
  JSON: "object",
}

/** What the form shows for each column. */
const fieldDocs: Readonly<Record<string, Pick<Field, "label" | "description"> & Partial<Field>>> = {
  messageId: { label: "Message ID", description: "A unique identifier for the message." },
  timestamp: { label: "Timestamp", description: "The timestamp of the event." },
  type: {
    label: "Event Type",
    description: "The type of the event: track, identify, page, screen, group or alias.",
    dynamic: true,
  },
  event: {
    label: "Event",
    // Not required for "track", because actions-core then rejects the events without a name, which can be stored.
    description: 'The name of the event, for "track" events.',
  },
  name: { label: "Name", description: "The name of the page or screen." },
  properties: { label: "Properties", description: "The properties of the track, page or screen event." },
  userId: { label: "User ID", description: "The user ID associated with the event." },
  anonymousId: { label: "Anonymous ID", description: "The anonymous ID associated with the event." },
  groupId: { label: "Group ID", description: "The group ID associated with the event." },
  traits: {
    label: "Traits",
    description: "The traits of the event, or those of its context if it has none.",
    // biome-ignore lint/suspicious/noThenProperty: `then` is part of the directive
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
  integrations: { label: "Integrations", description: "The destinations that the event is meant for." },
  message: {
    label: "Message",
    description: "The whole event. Map it to $. to keep every field.",
  },
}

function path(path: string): { "@path": string } {
  return { "@path": path }
}

function toField(column: Column, rest: Partial<Field>): [string, Field] {
  const { label = column.name, description = "", ...fieldDoc } = fieldDocs[column.name] ?? {}
  const type = fieldTypes[column.type] ?? "string"
  const field: Field = { label, description, type, ...rest, ...fieldDoc }
  return [toFieldName(column), column.required ? { required: true, ...field } : field]
}

/** Without a default, so that saved mappings do not change. */
function toExtraField(column: Column): [string, Field] {
  const [name, field] = toField(column, {})
  const description = `${field.description} Not stored unless mapped. If it is mapped, the table needs a column ${column.name} ${column.type}.`
  return [name, { ...field, description, category: "data", displayMode: "collapsed" }]
}

/**
 * The form of the action "Send Data": the fields of Segment's own SingleStore destination, and more below them, which the
 * form keeps closed.
 */
export const sendFields: Record<string, Field> = {
  ...Object.fromEntries(defaultColumns.map(column => toField(column, { default: path(`$.${column.name}`) }))),
  enable_batching: {
    label: "Batch Data to SingleStore",
    description: "Whether to send many events in one request.",
    type: "boolean",
    default: true,
    unsafe_hidden: true,
  },
  max_batch_size: {
    label: "Max Batch Size",
    description: "The maximum number of rows to include in a batch.",
    type: "number",
    minimum: 1,
    maximum: 1000,
    default: 100,
    required: true,
  },
  ...Object.fromEntries(extraColumns.map(toExtraField)),
  database: {
    label: "Database",
    description: "A database other than the one in the settings.",
    type: "string",
    dynamic: true,
    category: "config",
    displayMode: "collapsed",
  },
  table: {
    label: "Table",
    description: "A table other than the one in the settings.",
    type: "string",
    dynamic: true,
    category: "config",
    displayMode: "collapsed",
  },
  batch_keys: {
    label: "Batch Keys",
    description: "The fields whose values the events of a batch from Segment share.",
    type: "string",
    multiple: true,
    default: ["database", "table"],
    unsafe_hidden: true,
  },
  batch_size: {
    label: "Batch Size",
    description: "The maximum number of events in a batch from Segment.",
    type: "number",
    minimum: 1,
    maximum: 1000,
    default: 1000,
    unsafe_hidden: true,
  },
  batch_bytes: {
    label: "Batch Bytes",
    description: "The maximum size of a batch from Segment, in bytes. Requests never exceed 1 MB.",
    type: "number",
    default: 950_000,
    unsafe_hidden: true,
  },
}

export const defaultSubscription =
  'type = "track" or type = "screen" or type = "identify" or type = "page" or type = "group" or type = "alias"'

/** All event types with the default mapping. */
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
