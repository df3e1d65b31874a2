import type { GlobalSetting } from "@segment/actions-core"

/** The settings of the destination. Segment's form sends the port as a string, its API may send a number. */
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
