import type { Column } from "./event/columns.ts"
import type { ContractOptions } from "./event/contract.ts"
import type { ObserverEvent } from "./observer.ts"
import type { Runtime } from "./runtime.ts"
import type { Transport } from "./transport.ts"

/** The table, and what is in it. */
export interface TableOptions {
  /** The name of the table, 1 to 256 characters. A dot is part of the name. @default "segment_data" */
  table?: string | undefined
  /** The columns, in order. @default defaultColumns */
  columns?: readonly Column[] | undefined
  /**
   * Whether the table has a unique key on the id column, so that each messageId is stored once however often it is
   * sent. `false` is for a table without a key, such as the one that Segment's own destination creates: a repeated
   * request then doubles its rows. @default true
   */
  deduplicate?: boolean | undefined
}

/** The size of requests, and how many are sent at once. */
export interface Limits {
  /** The most rows in one request; rows times columns stay within 65,000. At the limit the batch is closed. @default 5000 */
  maxRows?: number | undefined
  /**
   * The most bytes of a request body. At the limit the batch is closed; a row that does not fit alone is rejected with
   * `row_too_large`. The Data API accepts 1 MB. @default 1000000
   */
  maxBytes?: number | undefined
  /** The most requests in flight at once. Further batches wait. @default 4 */
  maxInFlight?: number | undefined
  /** The most rows that wait for a request. At the limit `ready()` waits; nothing is dropped. @default 10000 */
  maxQueuedRows?: number | undefined
  /** The most bytes of rows that wait for a request. At the limit `ready()` waits; nothing is dropped. @default 32000000 */
  maxQueuedBytes?: number | undefined
  /**
   * How long a written row may wait for other rows while requests are in flight, in milliseconds. Then its batch leaves
   * as soon as a slot is free. Without timers a row waits for a request in flight to end. @default 10
   */
  lingerMs?: number | undefined
  /**
   * Whether a row also lingers when no request is in flight. Bulk loads set it, so that requests are full however fast the
   * server answers; a lone row then waits `lingerMs`, which must be less than `deliveryTimeoutMs`. Without timers it has no
   * effect. @default false
   */
  lingerWhenIdle?: boolean | undefined
  /**
   * How long after `write` or `writeBatch` an event may be sent, in milliseconds. Then it is not sent or sent again, and
   * fails with `deadline_exceeded`. A request in flight is not cut off. @default no limit
   */
  deliveryTimeoutMs?: number | undefined
}

/** When a request that failed with a DeliveryError is sent again. Delays have full jitter. */
export interface Retry {
  /** How long after the first attempt another one may start, in milliseconds. @default 120000 */
  maxElapsedMs?: number | undefined
  /** The most attempts, including the first. @default 8 */
  maxAttempts?: number | undefined
  /** The upper bound of the first delay, in milliseconds. It doubles with each attempt. @default 250 */
  baseDelayMs?: number | undefined
  /** The largest upper bound of a delay, in milliseconds. @default 30000 */
  maxDelayMs?: number | undefined
}

/** The options of a sink that is created by a cache. */
export interface CachedSinkOptions extends TableOptions {
  /** What sends inserts: the result of createDataApi of @singlesink/data-api, or your own. */
  transport: Transport
  limits?: Limits | undefined
  /** When a failed request is sent again; `false` if the host retries durably. */
  retry?: Retry | false | undefined
  /**
   * What happens after a request that may have been committed although no answer confirmed it. `retry` sends it again,
   * which may double its rows if `deduplicate` is false; `fail` leaves that to the caller. @default "retry"
   */
  onAmbiguous?: "retry" | "fail" | undefined
  /**
   * How the bad rows of a rejected batch are found. `sequential` sends one request at a time, as few as possible.
   * `parallel` sends up to 64 at once, for a host with little time. @default "sequential"
   */
  bisect?: "sequential" | "parallel" | undefined
  /** Replaces what core finds in its environment: now, sleep, random and byteLength. */
  runtime?: Partial<Runtime> | undefined
  /**
   * Is called with each batch, request, retry and so on, without values and secrets. What it throws, or its promise
   * rejects with, is ignored.
   */
  observe?: ((event: ObserverEvent) => unknown) | undefined
}

/** The options of `createSink`. Only `transport` is required. */
export interface SinkOptions extends CachedSinkOptions, ContractOptions {}
