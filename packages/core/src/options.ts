import { checkSinkOptions, checkTableOptions, maxPlaceholders } from "./check.ts"
import { type Column, defaultColumns } from "./columns.ts"
import type { LayoutName } from "./layout.ts"
import type { SinkEvent } from "./observe.ts"
import type { SinkApi } from "./port.ts"
import { findRuntime, type Runtime } from "./runtime.ts"
import type { SearchName } from "./search.ts"

/** Which table, and what is in it. */
export interface TableOptions {
  /** Name of the table; a dot in it is part of the name. @default "segment_data" */
  table?: string | undefined
  /** The columns, in order. @default defaultColumns */
  columns?: readonly Column[] | undefined
  /**
   * `keyed`: a table with a unique key, where each messageId is stored once. `segment`: a table as Segment's own
   * destination makes it, without a key, where a repeated request doubles rows. @default "keyed"
   */
  layout?: LayoutName | undefined
}

/** How much goes into one request, and how many requests go at once. */
export interface Limits {
  /** Most rows in one request; rows times columns stay within 65,000. At the limit the batch is cut. @default 5000 */
  maxRows?: number | undefined
  /**
   * Most bytes of a request's whole body. At the limit the batch is cut; a row that does not fit alone is refused
   * with `row_too_large`. The Data API takes 1 MB. @default 1000000
   */
  maxBytes?: number | undefined
  /** Most requests under way at once; further batches wait. @default 4 */
  maxInFlight?: number | undefined
  /** Most rows that wait for a request; then `ready` waits. Nothing is ever dropped. @default 10000 */
  maxQueuedRows?: number | undefined
  /** Most bytes of rows that wait for a request; then `ready` waits. @default 32000000 */
  maxQueuedBytes?: number | undefined
  /**
   * Milliseconds that a written row may wait for others while requests are under way; then its batch leaves as
   * soon as a slot is free. Without timers rows wait for the requests that are under way instead. @default 10
   */
  lingerMs?: number | undefined
  /**
   * Milliseconds from `write` or `deliver` after which an event is not sent any more, nor sent again: it fails with
   * `too_late`. For a host that ends its calls by itself. @default none
   */
  maxAgeMs?: number | undefined
}

/** When a request that did not work is sent again. Delays are of full jitter. */
export interface Retry {
  /** Milliseconds from the first attempt after which none starts. @default 120000 */
  maxElapsedMs?: number | undefined
  /** Most attempts, the first one included. @default 8 */
  maxAttempts?: number | undefined
  /** The bound of the first delay in milliseconds; it doubles with each attempt. @default 250 */
  baseDelayMs?: number | undefined
  /** The most that the bound grows to, in milliseconds. @default 30000 */
  maxDelayMs?: number | undefined
}

export interface SinkOptions extends TableOptions {
  /** Where inserts go: what createDataApi of @singlesink/data-api returns, or a port of your own. */
  api: SinkApi
  limits?: Limits | undefined
  /** How a DeliveryError is tried again; `false` where the host does so itself, and better. */
  retry?: Retry | false | undefined
  /**
   * After a request that may have been carried out although no answer came: `retry` sends it again, which with
   * `layout: "segment"` may double its rows; `fail` leaves that to the caller. @default "retry"
   */
  onAmbiguous?: "retry" | "fail" | undefined
  /**
   * How the bad rows of a refused batch are found: by `halves`, in few requests one after the other; or in one `round`
   * of up to 64 requests at once, for a host with little time: what is then left open fails. @default "halves"
   */
  search?: SearchName | undefined
  /** Replaces what core finds of clock, sleep, random and byteLength. */
  runtime?: Partial<Runtime> | undefined
  /** Is told of each batch, request, retry and so on, without values and secrets. What it throws is ignored. */
  observe?: ((event: SinkEvent) => void) | undefined
}

type Resolved<Options> = { [Key in keyof Options]-?: NonNullable<Options[Key]> }
export type ResolvedLimits = Resolved<Limits>
export type ResolvedRetry = Resolved<Retry>

export interface ResolvedSinkOptions extends Resolved<TableOptions> {
  api: SinkApi
  limits: ResolvedLimits
  retry: ResolvedRetry | false
  onAmbiguous: "retry" | "fail"
  search: SearchName
  runtime: Runtime
  observe: SinkOptions["observe"]
}

/** The table with its defaults filled in. */
export function toTable(options: TableOptions): Resolved<TableOptions> {
  checkTableOptions(options)
  return withTableDefaults(options)
}

/** The sink's options with their defaults filled in. */
export function toSinkOptions(options: SinkOptions): ResolvedSinkOptions {
  checkSinkOptions(options)
  const { api, limits = {}, retry = {}, onAmbiguous = "retry", search = "halves" } = options
  const { runtime, observe } = options
  const table = withTableDefaults(options)
  const most = Math.max(1, Math.floor(maxPlaceholders / table.columns.length))
  return {
    ...table,
    api,
    limits: {
      maxRows: Math.min(limits.maxRows ?? 5_000, most),
      maxBytes: limits.maxBytes ?? 1_000_000,
      maxInFlight: limits.maxInFlight ?? 4,
      maxQueuedRows: limits.maxQueuedRows ?? 10_000,
      maxQueuedBytes: limits.maxQueuedBytes ?? 32_000_000,
      lingerMs: limits.lingerMs ?? 10,
      maxAgeMs: limits.maxAgeMs ?? Number.POSITIVE_INFINITY,
    },
    retry: retry && {
      maxElapsedMs: retry.maxElapsedMs ?? 120_000,
      maxAttempts: retry.maxAttempts ?? 8,
      baseDelayMs: retry.baseDelayMs ?? 250,
      maxDelayMs: retry.maxDelayMs ?? 30_000,
    },
    onAmbiguous,
    search,
    runtime: toRuntime(runtime),
    observe,
  }
}

function withTableDefaults({ table, columns, layout }: TableOptions): Resolved<TableOptions> {
  return {
    table: table ?? "segment_data",
    columns: columns?.map(column => ({ ...column })) ?? defaultColumns,
    layout: layout ?? "keyed",
  }
}

/** What there is, but for what is replaced. Only sleep may be replaced by nothing: then there is none. */
function toRuntime(runtime: Partial<Runtime> = {}): Runtime {
  const found = findRuntime()
  const { now = found.now, random = found.random, byteLength = found.byteLength } = runtime
  return { now, random, byteLength, sleep: "sleep" in runtime ? runtime.sleep : found.sleep }
}
