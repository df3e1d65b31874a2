import { defaultColumns } from "./event/columns.ts"
import type { Limits, Retry, SinkOptions, TableOptions } from "./options.ts"
import { findRuntime, type Runtime } from "./runtime.ts"
import { checkSinkOptions, checkTableOptions, maxPlaceholders } from "./validation/options.ts"

type Resolved<Options> = { [Key in keyof Options]-?: NonNullable<Options[Key]> }
export type ResolvedLimits = Resolved<Limits>
export type ResolvedRetry = Resolved<Retry>

export interface ResolvedSinkOptions
  extends Resolved<TableOptions & Pick<SinkOptions, "transport" | "onAmbiguous" | "bisect">> {
  limits: ResolvedLimits
  retry: ResolvedRetry | false
  runtime: Runtime
  observe: SinkOptions["observe"]
}

/** The table options with their defaults. @throws ConfigError with every mistake */
export function resolveTableOptions(options: TableOptions): Resolved<TableOptions> {
  checkTableOptions(options)
  return withTableDefaults(options)
}

/** The sink options with their defaults. @throws ConfigError with every mistake */
export function resolveSinkOptions(options: SinkOptions): ResolvedSinkOptions {
  checkSinkOptions(options)
  const { limits = {}, retry = {} } = options
  const table = withTableDefaults(options)
  const mostRows = Math.max(1, Math.floor(maxPlaceholders / table.columns.length))
  return {
    ...table,
    transport: options.transport,
    limits: {
      maxRows: Math.min(limits.maxRows ?? 5_000, mostRows),
      maxBytes: limits.maxBytes ?? 1_000_000,
      maxInFlight: limits.maxInFlight ?? 4,
      maxQueuedRows: limits.maxQueuedRows ?? 10_000,
      maxQueuedBytes: limits.maxQueuedBytes ?? 32_000_000,
      lingerMs: limits.lingerMs ?? 10,
      deliveryTimeoutMs: limits.deliveryTimeoutMs ?? Number.POSITIVE_INFINITY,
    },
    retry: retry && {
      maxElapsedMs: retry.maxElapsedMs ?? 120_000,
      maxAttempts: retry.maxAttempts ?? 8,
      baseDelayMs: retry.baseDelayMs ?? 250,
      maxDelayMs: retry.maxDelayMs ?? 30_000,
    },
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
