import {
  ConfigError,
  type Contract,
  type Issue,
  type Limits,
  type SinkOptions,
  type TableOptions,
} from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import type { FastifyServerOptions } from "fastify"
import { z } from "zod"

/** What sends inserts, and answers whether the database is reachable: the result of createDataApi. */
export type Database = Pick<DataApi, "database" | "send" | "query">

/** The live page. */
export interface LiveOptions {
  /** The key that opens the page, at least 16 characters. It is separate from the write keys. */
  key: string
  /** Whether the page shows the values of events. Otherwise it shows their structure only. @default false */
  showValues?: boolean | undefined
}

/** The options of `createReceiver`. `database` and `writeKeys` are required. */
export interface ReceiverOptions extends TableOptions {
  /** The result of createDataApi of @singlesink/data-api. */
  database: Database
  /**
   * The keys that callers send: a list, or an object that assigns a table to each key. `"anonymous"` accepts every caller
   * and is for private networks. Keys have at least 8 characters.
   *
   * @example
   * createReceiver({ database, writeKeys: { "key-of-the-site": "site_events", "key-of-the-app": "app_events" } })
   */
  writeKeys: readonly string[] | Readonly<Record<string, string>> | "anonymous"
  /**
   * The shared secret of Segment's webhooks. A request needs no write key if its header `X-Segment-Signature` or
   * `X-Signature` is the HMAC-SHA1 of its body. Segment signs only the first event of a batch in `X-Signature`.
   * @default none
   */
  signingSecret?: string | undefined
  /** A file that rejected events are appended to, before their call is answered. @default none */
  deadLetters?: string | undefined
  /** What events must look like, as in createSink. @default none */
  validate?: Contract | undefined
  /** What happens to an event that violates its schema, as in createSink. @default "reject" */
  onViolation?: "reject" | "observe" | undefined
  /** The size of requests to the database, and how many are sent at once, as in createSink. */
  limits?: Omit<Limits, "deliveryTimeoutMs" | "lingerWhenIdle"> | undefined
  /**
   * How long a call may take, in milliseconds. Then it is answered 503, and a repeat is harmless if the table has a unique
   * key. Jitsu's webhook waits 5 seconds, RudderStack and Segment 10. @default 4500
   */
  answerTimeoutMs?: number | undefined
  /** The largest body, before and after decompression, in bytes. A larger one is answered 413. @default 4000000 */
  maxBodyBytes?: number | undefined
  /** The most events without an outcome, of all calls. At the limit calls are answered 503. @default 20000 */
  maxPendingEvents?: number | undefined
  /** The most connections. Further ones are closed. @default 10000 */
  maxConnections?: number | undefined
  /** The most calls of a key in a second. Further ones are answered 429. @default no limit */
  maxCallsPerSecond?: number | undefined
  /** How long a client may take to send a request, in milliseconds. Then it is answered 408. @default 10000 */
  requestTimeoutMs?: number | undefined
  /** How long close() may take, in milliseconds. Events that are not stored by then are answered 503. @default 20000 */
  shutdownTimeoutMs?: number | undefined
  /** The origins whose browsers may call, such as `https://www.example.com`; `"*"` for all. @default none */
  cors?: readonly string[] | "*" | undefined
  /**
   * Whether `X-Forwarded-For` is trusted: `true`, or the addresses and networks of the proxies, separated by commas.
   * @default false
   */
  trustProxy?: boolean | string | undefined
  /** Whether `context.ip` becomes the address of the caller if the event has none. @default true */
  recordIp?: boolean | undefined
  /** The live page on `/live`. @default off */
  live?: LiveOptions | undefined
  /** The logger of Fastify. It never receives events, keys or query strings. @default false */
  logger?: FastifyServerOptions["logger"] | undefined
}

const positive = (unit: string, max: number) =>
  z.int(`must be a whole number of ${unit}`).min(1, "must be at least 1").max(max, `must be at most ${max}`)

const key = z.string("must be a string").min(8, "must have at least 8 characters")
const isFunction = (value: unknown) => typeof value === "function"

const schema = z.strictObject(
  {
    database: z.custom<Database>(
      value => isFunction(Object(value).send) && isFunction(Object(value).query),
      "must be the result of createDataApi",
    ),
    writeKeys: z.union(
      [
        z.literal("anonymous"),
        z.array(key).min(1),
        z.record(key, z.string().min(1)).refine(keys => Object.keys(keys).length > 0),
      ],
      'must be a list of keys with at least 8 characters, an object that assigns a table to each key, or "anonymous"',
    ),
    signingSecret: z.string("must be a string").min(8, "must have at least 8 characters").optional(),
    deadLetters: z.string("must be the path of a file").min(1, "must be the path of a file").optional(),
    answerTimeoutMs: positive("milliseconds", 600_000).default(4_500),
    maxBodyBytes: positive("bytes", 100_000_000).default(4_000_000),
    maxPendingEvents: positive("events", 10_000_000).default(20_000),
    maxConnections: positive("connections", 1_000_000).default(10_000),
    maxCallsPerSecond: positive("calls", 1_000_000).optional(),
    requestTimeoutMs: positive("milliseconds", 600_000).default(10_000),
    shutdownTimeoutMs: positive("milliseconds", 600_000).default(20_000),
    cors: z
      .union(
        [z.literal("*"), z.array(z.string().regex(/^https?:\/\/[^/]+$/))],
        'must be a list of origins such as https://www.example.com, or "*"',
      )
      .optional(),
    trustProxy: z.union([z.boolean(), z.string()], "must be true, false or a string").default(false),
    recordIp: z.boolean("must be true or false").default(true),
    live: z
      .strictObject(
        {
          key: z.string("must be a string").min(16, "must have at least 16 characters"),
          showValues: z.boolean("must be true or false").default(false),
        },
        "must be an object with a key",
      )
      .optional(),
    // Checked by core and by Fastify.
    table: z.unknown().optional(),
    columns: z.unknown().optional(),
    deduplicate: z.unknown().optional(),
    validate: z.unknown().optional(),
    onViolation: z.unknown().optional(),
    limits: z.record(z.string(), z.unknown(), "must be an object").optional(),
    logger: z.unknown().optional(),
  },
  "The options must be an object",
)

type WithDefault =
  | "answerTimeoutMs"
  | "maxBodyBytes"
  | "maxPendingEvents"
  | "maxConnections"
  | "requestTimeoutMs"
  | "shutdownTimeoutMs"
  | "trustProxy"
  | "recordIp"

/** The options with their defaults. */
export type ResolvedOptions = ReceiverOptions & {
  [Name in WithDefault]: NonNullable<ReceiverOptions[Name]>
}

/** @throws ConfigError with every mistake in the options of the receiver */
export function resolveOptions(options: ReceiverOptions): ResolvedOptions {
  const result = schema.safeParse(options)
  if (result.success) return result.data as ResolvedOptions
  const issues = result.error.issues.flatMap(toIssues)
  const message = `createReceiver: ${issues.map(issue => issue.message).join("; ")}.`
  throw new ConfigError({ code: "invalid_options", message, issues })
}

function toIssues(issue: z.core.$ZodIssue): Issue[] {
  const toPath = (path: readonly PropertyKey[]) => path.map(String).join(".")
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(name => {
      const path = toPath([...issue.path, name])
      return { path, message: `Unknown option \`${path}\`` }
    })
  }
  // A key is a secret, so only the option is named.
  const path = issue.path[0] === "writeKeys" ? "writeKeys" : toPath(issue.path)
  return [{ path, message: path === "" ? issue.message : `\`${path}\` ${issue.message}` }]
}

/** The options of the sink of one table. */
export function toSinkOptions(options: ResolvedOptions, table: string): SinkOptions {
  const { database, columns, deduplicate, validate, onViolation, limits, answerTimeoutMs } = options
  return {
    transport: database,
    table,
    columns,
    deduplicate,
    validate,
    onViolation,
    // The sink gives up first, because its errors say more than "too late".
    limits: { ...limits, deliveryTimeoutMs: Math.ceil(answerTimeoutMs * 0.9) },
    // The caller waits for the answer.
    bisect: "parallel",
    retry: { maxElapsedMs: answerTimeoutMs },
  }
}
