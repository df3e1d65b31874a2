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

const defaultTable = "segment_data"
const defaultPort = 443

/** The settings with their defaults. */
export interface ResolvedSettings {
  host: string
  /** NaN if it is not a number. */
  port: number
  username: string
  password: string
  database: string
  table: string
}

/**
 * The settings as they are used. actions-core does not validate settings when events are sent, and people paste names with
 * spaces around them. A password may begin or end with a space.
 */
export function resolveSettings(settings: Settings): ResolvedSettings {
  const { host, port, username, password, dbName, tableName } = settings
  return {
    host: trim(host),
    port: toPort(trim(port)),
    username: trim(username),
    password,
    database: trim(dbName),
    table: trim(tableName) || defaultTable,
  }
}

/** The text of a setting or of a field, without spaces around it. */
export function trim(value: unknown): string {
  return value === undefined || value === null ? "" : String(value).trim()
}

function toPort(text: string): number {
  if (text === "") return defaultPort
  // Number reads 0x1bb and 1e3.
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
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
    default: String(defaultPort),
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
    description: `The name of the table. Defaults to "${defaultTable}".`,
    type: "string",
    default: defaultTable,
  },
}
