import { type Column, defaultColumns } from "@singlesink/core"
import { z } from "zod"
import { CommandError } from "../exit.ts"
import type { Terminal } from "../terminal.ts"
import { readEnvironment } from "./environment.ts"
import { defaultEmulatorFile } from "./flags.ts"
import { readPassword, readSecretFile, readTextFile } from "./secret.ts"

/** The connection options as commander passes them. */
export interface Flags {
  url?: string
  host?: string
  port?: string
  username?: string
  passwordFile?: string
  passwordStdin?: boolean
  database?: string
  table?: string
  deduplicate?: boolean
  columns?: string
  ca?: string
  allowInsecure?: boolean
  timeout?: string
  envFile?: string
  /** `true` without a file. */
  emulator?: string | true
  json?: boolean
}

/** Which server, table and columns a command uses. */
export interface Settings {
  /** The server; undefined with the emulator, and for a command that needs none. */
  readonly server: Server | undefined
  /** The file of the emulator. */
  readonly emulator: string | undefined
  readonly database: string
  readonly table: string
  readonly deduplicate: boolean
  readonly columns: readonly Column[]
  readonly timeoutMs: number
}

/** The address and the credentials of a server. */
export interface Server {
  readonly address: { url: string; allowInsecure: boolean } | { host: string; port: number }
  readonly credentials: { username: string; password: string } | { token: string }
  readonly ca: string | undefined
}

/** Each setting with its flag and its variable, as messages name them. */
const names: Readonly<Record<string, string>> = {
  url: "--url (SINGLESTORE_URL)",
  host: "--host (SINGLESTORE_HOST)",
  port: "--port (SINGLESTORE_PORT)",
  username: "--username (SINGLESTORE_USERNAME)",
  password: "SINGLESTORE_PASSWORD",
  token: "SINGLESTORE_TOKEN",
  database: "--database (SINGLESTORE_DATABASE)",
  table: "--table (SINGLESTORE_TABLE)",
  deduplicate: "SINGLESTORE_DEDUPLICATE",
  timeout: "--timeout (SINGLESTORE_TIMEOUT)",
}

const serverSchema = z.object({
  url: z
    .url({ protocol: /^https?$/, error: "must be a URL such as https://svc-1.svc.singlestore.com" })
    .optional(),
  host: z.string().min(1, "must not be empty").optional(),
  port: z.coerce
    .number("must be a port")
    .int("must be a port")
    .min(1, "must be a port")
    .max(65_535, "must be a port")
    .optional(),
  username: z.string().min(1, "must not be empty").optional(),
  password: z.string().optional(),
  token: z.string().min(1, "must not be empty").optional(),
})

const tableSchema = z.object({
  table: z
    .string()
    .min(1, "must not be empty")
    .max(256, "must have at most 256 characters")
    .default("segment_data"),
  deduplicate: z.enum(["true", "false"], "must be true or false").default("true"),
  timeout: z.coerce
    .number("must be a number of seconds")
    .min(1, "must be at least 1 second")
    .max(3_600, "must be at most 3600 seconds")
    .default(30),
})

/**
 * Reads the settings: flags first, then `SINGLESTORE_*` variables, then the file `.env`.
 *
 * @param options.isOffline whether the command needs no server
 * @throws CommandError with every mistake, one in a line
 */
export async function readSettings(
  flags: Flags,
  terminal: Terminal,
  { isOffline = false }: { isOffline?: boolean } = {},
): Promise<Settings> {
  const env = readEnvironment(flags.envFile, terminal.env)
  const issues: string[] = []
  const common = parse(
    tableSchema,
    {
      table: flags.table ?? env.SINGLESTORE_TABLE,
      deduplicate: flags.deduplicate === false ? "false" : env.SINGLESTORE_DEDUPLICATE,
      timeout: flags.timeout ?? env.SINGLESTORE_TIMEOUT,
    },
    issues,
  )
  const database = flags.database ?? env.SINGLESTORE_DATABASE
  const needsServer = flags.emulator === undefined && !isOffline
  const server = needsServer ? await readServer(flags, env, terminal, issues) : undefined
  if (needsServer && (database ?? "") === "") issues.push(`${names.database} is missing`)
  const columnsFile = flags.columns ?? env.SINGLESTORE_COLUMNS
  const columns = columnsFile === undefined ? defaultColumns : readColumns(columnsFile)
  if (issues.length > 0 || common === undefined) throw toSettingsError(issues)

  const { table, deduplicate, timeout } = common
  return {
    server,
    emulator: flags.emulator === true ? defaultEmulatorFile : flags.emulator,
    database: database ?? "events",
    table,
    deduplicate: deduplicate === "true",
    columns,
    timeoutMs: timeout * 1_000,
  }
}

async function readServer(
  flags: Flags,
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
  issues: string[],
): Promise<Server | undefined> {
  const given = parse(
    serverSchema,
    {
      url: flags.url ?? (flags.host === undefined ? env.SINGLESTORE_URL : undefined),
      host: flags.host ?? (flags.url === undefined ? env.SINGLESTORE_HOST : undefined),
      port: flags.port ?? env.SINGLESTORE_PORT,
      username: flags.username ?? env.SINGLESTORE_USERNAME,
      password: await readPassword(flags, env, terminal),
      token: env.SINGLESTORE_TOKEN,
    },
    issues,
  )
  const { url, host, port = 443, username, password, token } = given ?? {}
  if (given !== undefined) {
    if (url === undefined && host === undefined) issues.push(`${names.url} is missing`)
    if (url !== undefined && host !== undefined)
      issues.push(`${names.url} and ${names.host} exclude each other`)
    if (token === undefined && username === undefined) issues.push(`${names.username} is missing`)
    if (token === undefined && password === undefined)
      issues.push(`${names.password} is missing; --password-file and --password-stdin are alternatives`)
  }
  const caFile = flags.ca ?? env.SINGLESTORE_CA
  const ca = caFile === undefined ? undefined : readTextFile(caFile, "--ca")
  if (issues.length > 0) return undefined
  return {
    address:
      url === undefined ? { host: host ?? "", port } : { url, allowInsecure: flags.allowInsecure === true },
    credentials: token === undefined ? { username: username ?? "", password: password ?? "" } : { token },
    ca,
  }
}

function readColumns(file: string): readonly Column[] {
  try {
    // Core checks the columns when it uses them.
    return JSON.parse(readSecretFile(file, "--columns")) as Column[]
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${file} is not valid JSON. --columns takes a file with a JSON list of columns.`)
  }
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  values: unknown,
  issues: string[],
): z.infer<Schema> | undefined {
  const result = schema.safeParse(values)
  if (result.success) return result.data
  issues.push(...result.error.issues.map(({ path, message }) => `${names[String(path[0])]} ${message}`))
  return undefined
}

function toSettingsError(issues: readonly string[]): CommandError {
  const hint = "Set them as flags, as variables or in a file .env. Without a server, try --emulator."
  return new CommandError(
    `The settings are incomplete or wrong:\n${issues.map(issue => `  - ${issue}.`).join("\n")}\n${hint}`,
  )
}
