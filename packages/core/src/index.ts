/**
 * Events become rows, batches and inserts, and each event has an outcome.
 *
 * @module @singlesink/core
 */

export { runCallback } from "./callback.ts"
export {
  ConfigError,
  type ConfigErrorCode,
  DeliveryError,
  type DeliveryErrorCode,
  EventError,
  type EventErrorCode,
  type Issue,
  isSinkError,
  type SinkError,
  type SinkErrorCode,
  type SinkErrorDetails,
} from "./errors.ts"
export { type Column, type ColumnType, defaultColumns } from "./event/columns.ts"
export type { Contract } from "./event/contract.ts"
export type { Event } from "./event/event.ts"
export type { BatchReason, ObserverEvent } from "./observer.ts"
export type { CachedSinkOptions, Limits, Retry, SinkOptions, TableOptions } from "./options.ts"
export type { Outcome } from "./outcome.ts"
export type { Runtime } from "./runtime.ts"
export { type AbortSignalLike, createSink, type Sink } from "./sink.ts"
export { createSinkCache, type SinkCache, type SinkCacheOptions } from "./sink-cache.ts"
export type { Stats } from "./stats.ts"
export { createTableSql } from "./table/create-table.ts"
export { quoteName } from "./table/identifier.ts"
export type { InsertRequest, InsertResult, Transport } from "./transport.ts"
export type { Schema, SchemaIssue, SchemaResult } from "./validation/schema.ts"
