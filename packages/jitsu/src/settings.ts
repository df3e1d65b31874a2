import type { Column } from "@singlesink/core"
import { type Issue, toIssue } from "@singlesink/core/validation"

/** Where events go. From `functionsEnv` every value is a string, and an empty string means "not set", except for the password. */
export interface JitsuSettings {
  /** The URL of the Data API: `https://svc-….singlestore.com`, with a port if it is not 443. */
  url?: string | undefined
  /** The host name, as an alternative to `url`. It is reached by https. */
  host?: string | undefined
  /** The port of `host`. @default 443 */
  port?: number | string | undefined
  /** Allows a plain http `url` to another machine. @default false */
  allowInsecure?: boolean | "true" | "false" | undefined
  username?: string | undefined
  password?: string | undefined
  /** A JWT, as an alternative to username and password. */
  token?: string | undefined
  database?: string | undefined
  /** The table for events without a `JITSU_TABLE_NAME`. @default "segment_data" */
  table?: string | undefined
  /** Whether the table has a unique key on messageId, which stores each event once. @default true */
  deduplicate?: boolean | "true" | "false" | undefined
  /** The columns, in order; from `functionsEnv` as JSON. @default the eleven columns of createTableSql */
  columns?: readonly Column[] | string | undefined
}

/** The settings with their real types. */
export type ParsedSettings = Pick<
  JitsuSettings,
  "url" | "host" | "username" | "password" | "token" | "database" | "table"
> & {
  port: number | undefined
  allowInsecure: boolean | undefined
  deduplicate: boolean | undefined
  columns: readonly Column[] | undefined
}

const names = [
  "url",
  "host",
  "port",
  "allowInsecure",
  "username",
  "password",
  "token",
  "database",
  "table",
  "deduplicate",
  "columns",
] as const satisfies readonly (keyof JitsuSettings)[]

/** Identifies the settings of a connection. */
export function toKey(props: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(names.map(name => props[name]))
}

/** Settings of the connection that are ignored if the code sets one of these. */
const exclusiveWith: Partial<Record<keyof JitsuSettings, readonly (keyof JitsuSettings)[]>> = {
  url: ["host", "port"],
  host: ["url"],
  token: ["username", "password"],
  username: ["token"],
  password: ["token"],
}

/** The settings of the code, completed by those of the connection. */
export function mergeSettings(
  own: JitsuSettings,
  props: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...own }
  const excluded = new Set(
    names.flatMap(name => (own[name] === undefined ? [] : (exclusiveWith[name] ?? []))),
  )
  for (const name of names) {
    // Only a password can be empty.
    const isGiven = props[name] !== "" || name === "password"
    if (merged[name] === undefined && isGiven && !excluded.has(name)) merged[name] = props[name]
  }
  // A form may send the fields that are left empty. Beside a token an empty password means "not set".
  if (merged.token !== undefined && merged.password === "") delete merged.password
  return merged
}

/** Parses settings that came as strings. Wrong values stay, and are reported by what they are passed to. */
export function parseSettings(merged: Record<string, unknown>): {
  settings: ParsedSettings
  issues: Issue[]
} {
  const issues = Object.keys(merged)
    .filter(name => !names.includes(name as never))
    .map(name => ({ path: name, message: `Unknown option \`${name}\`` }))
  const known = Object.fromEntries(names.map(name => [name, merged[name]])) as JitsuSettings
  const { port, allowInsecure, deduplicate, columns } = known
  const settings: ParsedSettings = {
    ...known,
    port: typeof port === "string" ? Number(port) : port,
    allowInsecure: parseBoolean(allowInsecure),
    deduplicate: parseBoolean(deduplicate),
    columns: typeof columns === "string" ? parseColumns(columns, issues) : columns,
  }
  return { settings, issues }
}

function parseBoolean(value: boolean | "true" | "false" | undefined): boolean | undefined {
  return value === "true" ? true : value === "false" ? false : value
}

function parseColumns(json: string, issues: Issue[]): readonly Column[] | undefined {
  try {
    return JSON.parse(json)
  } catch {
    issues.push(toIssue("columns", "an array of columns as JSON"))
    return undefined
  }
}
