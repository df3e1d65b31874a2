/** Where events go. From `functionsEnv` every value is text. */
export interface JitsuSettings {
  /** The Data API: `https://svc-….singlestore.com`, with a port if it is not 443. */
  url?: string | undefined
  /** Instead of `url`: the host name, reached by https. */
  host?: string | undefined
  /** The port of `host`. @default 443 */
  port?: number | string | undefined
  /** Lets `url` be plain http to another machine. @default false */
  allowInsecure?: boolean | undefined
  username?: string | undefined
  password?: string | undefined
  /** A JWT, instead of user name and password. */
  token?: string | undefined
  database?: string | undefined
  /** @default "segment_data" */
  table?: string | undefined
}

const names = ["url", "host", "port", "username", "password", "token", "database", "table"] as const

/** The function's own settings, and for what they leave out those of the connection. */
export function toSettings(own: JitsuSettings, props: Readonly<Record<string, unknown>>): JitsuSettings {
  const settings: Record<string, unknown> = { ...own }
  for (const name of names) settings[name] ??= props[name]
  // Text, as everything there: only the word true allows it.
  settings.allowInsecure ??= props.allowInsecure === "true"
  return settings
}
