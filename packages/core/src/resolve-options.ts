import { defaultColumns } from "./event/columns.ts"
import type { CachedSinkOptions, Limits, Retry, TableOptions } from "./options.ts"
import { findRuntime, type Runtime } from "./runtime.ts"
import { checkSinkOptions, checkTableOptions, maxPlaceholders } from "./validation/options.ts"

type Resolved<Options> = { [Key in keyof Options]-?: NonNullable<Options[Key]> }
export type ResolvedLimits = Resolved<Limits>
export type ResolvedRetry = Resolved<Retry>

export interface ResolvedSinkOptions
  extends Resolved<TableOptions & Pick<CachedSinkOptions, "transport" | "onAmbiguous" | "bisect">> {
  limits: ResolvedLimits
  retry: ResolvedRetry | false
  runtime: Runtime
  observe: CachedSinkOptions["observe"]
}

const limitDefaults: ResolvedLimits = {
  maxRows: 5_000,
  maxBytes: 1_000_000,
  maxInFlight: 4,
  maxQueuedRows: 10_000,
  maxQueuedBytes: 32_000_000,
  lingerMs: 10,
  lingerWhenIdle: false,
  deliveryTimeoutMs: Number.POSITIVE_INFINITY,
}

const retryDefaults: ResolvedRetry = {
  maxElapsedMs: 120_000,
  maxAttempts: 8,
  baseDelayMs: 250,
  maxDelayMs: 30_000,
}

/** The options that are set, and the defaults of the others. */
function withDefaults<Options extends object>(
  defaults: Options,
  given: { [Name in keyof Options]?: Options[Name] | undefined } = {},
): Options {
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...defaults, ...Object.fromEntries(set) }
}

/** The table options with their defaults. @throws ConfigError with every mistake */
export function resolveTableOptions(options: TableOptions): Resolved<TableOptions> {
  checkTableOptions(options)
  return withTableDefaults(options)
}

/** The sink options with their defaults. @throws ConfigError with every mistake */
export function resolveSinkOptions(options: CachedSinkOptions): ResolvedSinkOptions {
  checkSinkOptions(options)
  const { retry = {} } = options
  const limits = withDefaults(limitDefaults, options.limits)
  const table = withTableDefaults(options)
  const mostRows = Math.max(1, Math.floor(maxPlaceholders / table.columns.length))
  return {
    ...table,
    transport: options.transport,
    limits: { ...limits, maxRows: Math.min(limits.maxRows, mostRows) },
    retry: retry && withDefaults(retryDefaults, retry),
    onAmbiguous: options.onAmbiguous ?? "retry",
    bisect: options.bisect ?? "sequential",
    runtime: resolveRuntime(options.runtime),
    observe: options.observe,
  }
}

function withTableDefaults({ table, columns, deduplicate }: TableOptions): Resolved<TableOptions> {
  return {
    table: table ?? "segment_data",
    columns: columns?.map(column => ({ ...column })) ?? defaultColumns,
    deduplicate: deduplicate ?? true,
  }
}

/** Only `sleep` can be replaced by undefined: then there are no timers. */
function resolveRuntime(runtime: Partial<Runtime> = {}): Runtime {
  const found = findRuntime()
  const { now = found.now, random = found.random, byteLength = found.byteLength } = runtime
  return { now, random, byteLength, sleep: "sleep" in runtime ? runtime.sleep : found.sleep }
}
