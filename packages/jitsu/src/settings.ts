import type { Column, LayoutName } from "@singlesink/core"

/** Where events go, and as what. From `functionsEnv` every value is text; an empty one is none, but for the password. */
export interface JitsuSettings {
  /** The Data API: `https://svc-….singlestore.com`, with a port if it is not 443. */
  url?: string | undefined
  /** Instead of `url`: the host name, reached by https. */
  host?: string | undefined
  /** The port of `host`. @default 443 */
  port?: number | string | undefined
  /** Lets `url` be plain http to another machine. @default false */
  allowInsecure?: boolean | "true" | "false" | undefined
  username?: string | undefined
  password?: string | undefined
  /** A JWT, instead of user name and password. */
  token?: string | undefined
  database?: string | undefined
  /** Where an event goes that has no `JITSU_TABLE_NAME`. @default "segment_data" */
  table?: string | undefined
  /** What kind of table it is. @default "keyed" */
  layout?: LayoutName | undefined
  /** The columns, in order; from `functionsEnv` as JSON. @default the eleven of createTableSql */
  columns?: readonly Column[] | string | undefined
}

/** The settings as what they mean, whatever form they came in. */
export interface JitsuValues
  extends Pick<
    JitsuSettings,
    "url" | "host" | "username" | "password" | "token" | "database" | "table" | "layout"
  > {
  port: number | undefined
  allowInsecure: boolean
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
  "layout",
  "columns",
] as const satisfies readonly (keyof JitsuSettings)[]

/** Tells one set of the connection's settings from another. */
export function toKey(props: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(names.map(name => props[name]))
}

/** What the function's own settings decide already, so that the connection's have no say in it. */
const rivals: Partial<Record<keyof JitsuSettings, readonly (keyof JitsuSettings)[]>> = {
  url: ["host", "port"],
  host: ["url"],
  token: ["username", "password"],
  username: ["token"],
  password: ["token"],
}

/** The function's own settings, and for what they leave out those of the connection. */
export function mergeSettings(
  own: JitsuSettings,
  props: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...own }
  const decided = new Set(names.flatMap(name => (own[name] === undefined ? [] : (rivals[name] ?? []))))
  for (const name of names) {
    // A password may be empty, and nothing else.
    const isGiven = props[name] !== "" || name === "password"
    if (merged[name] === undefined && isGiven && !decided.has(name)) merged[name] = props[name]
  }
  return merged
}

/** Settings as values: numbers, booleans and lists may come as text. Mistakes go into `mistakes`, without the value. */
export function toValues(merged: Record<string, unknown>, mistakes: string[]): JitsuValues {
  for (const name of Object.keys(merged)) {
    if (!names.includes(name as never)) mistakes.push(`${name} is no setting; there are ${names.join(", ")}.`)
  }
  const known = Object.fromEntries(names.map(name => [name, merged[name]])) as JitsuSettings
  const { port, allowInsecure, columns } = known
  if (![undefined, true, false, "true", "false"].includes(allowInsecure)) {
    mistakes.push("allowInsecure is neither true nor false.")
  }
  return {
    ...known,
    port: typeof port === "string" ? Number(port) : port,
    allowInsecure: allowInsecure === true || allowInsecure === "true",
    columns: typeof columns === "string" ? toColumns(columns, mistakes) : columns,
  }
}

function toColumns(json: string, mistakes: string[]): readonly Column[] | undefined {
  try {
    return JSON.parse(json)
  } catch {
    mistakes.push("columns is not JSON.")
    return undefined
  }
}
