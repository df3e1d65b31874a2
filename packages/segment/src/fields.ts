import type { ActionDefinition, GlobalSetting } from "@segment/actions-core"
import { type Column, defaultColumns } from "@singlesink/core"

/** What a user sets on the destination; Segment's form gives text, its API may give a number as the port. */
export interface Settings {
  host: string
  port?: string | number
  username: string
  password: string
  dbName: string
  tableName?: string
}

export const settingFields: Record<keyof Settings, GlobalSetting> = {
  host: {
    label: "Host",
    description: "The host of the SingleStore database, without scheme and port.",
    type: "string",
    required: true,
  },
  port: {
    label: "Port",
    description: "The port of the SingleStore Data API. Defaults to 443.",
    type: "string",
    default: "443",
  },
  username: {
    label: "Username",
    description: "The username of the SingleStore database.",
    type: "string",
    required: true,
  },
  password: {
    label: "Password",
    description: "The password of the SingleStore database.",
    type: "password",
    required: true,
  },
  dbName: {
    label: "Database Name",
    description: "The name of the database.",
    type: "string",
    required: true,
  },
  tableName: {
    label: "Table Name",
    description: 'The name of the table. Defaults to "segment_data".',
    type: "string",
    default: "segment_data",
  },
}

/** What the mapping of one event gives: a value for each column, and how to send it. */
export interface Payload {
  readonly [field: string]: unknown
  readonly max_batch_size?: number
}

type Field = ActionDefinition<Settings>["fields"][string]

const path = (path: string): { "@path": string } => ({ "@path": path })

/** The form of the action "Send Data", as people know it from Segment's own SingleStore destination. */
export const sendFields: Record<string, Field> = {
  messageid: {
    label: "Message ID",
    description: "A unique identifier for the message.",
    type: "string",
    required: true,
    default: path("$.messageId"),
  },
  timestamp: {
    label: "Timestamp",
    description: "The timestamp of the event.",
    type: "datetime",
    required: true,
    default: path("$.timestamp"),
  },
  type: {
    label: "Event Type",
    description: "The type of the event: track, identify, page, screen, group or alias.",
    type: "string",
    required: true,
    default: path("$.type"),
  },
  event: {
    label: "Event Name",
    description: 'The name of the event. Only required for "track" events.',
    type: "string",
    required: { conditions: [{ fieldKey: "type", operator: "is", value: "track" }] },
    default: path("$.event"),
  },
  name: {
    label: "Name",
    description: "The name of the page or screen.",
    type: "string",
    default: path("$.name"),
  },
  properties: {
    label: "Properties",
    description: "The properties of the track, page or screen event.",
    type: "object",
    default: path("$.properties"),
  },
  userId: {
    label: "User ID",
    description: "The user ID associated with the event.",
    type: "string",
    default: path("$.userId"),
  },
  anonymousId: {
    label: "Anonymous ID",
    description: "The anonymous ID associated with the event.",
    type: "string",
    default: path("$.anonymousId"),
  },
  groupId: {
    label: "Group ID",
    description: "The group ID associated with the event.",
    type: "string",
    default: path("$.groupId"),
  },
  traits: {
    label: "Traits",
    description: "The traits of the event, or else those of its context.",
    type: "object",
    // biome-ignore lint/suspicious/noThenProperty: it is the directive's own word
    default: { "@if": { exists: path("$.traits"), then: path("$.traits"), else: path("$.context.traits") } },
  },
  context: {
    label: "Context",
    description: "The context of the event. Contains user environment information.",
    type: "object",
    default: path("$.context"),
  },
  enable_batching: {
    label: "Batch Data to SingleStore",
    description: "Sends many events in one request.",
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
    unsafe_hidden: true,
  },
}

/** The columns as the mapped payload has them: a field that the mapping leaves out is NULL, and nothing fills it. */
export const payloadColumns: readonly Column[] = defaultColumns.map(column => ({
  ...column,
  from: column.name === "messageId" ? "messageid" : column.name,
}))
