export { type Column, type ColumnType, defaultColumns } from "./columns.ts"
export {
  ConfigError,
  type ConfigErrorCode,
  DeliveryError,
  type DeliveryErrorCode,
  EventError,
  type EventErrorCode,
  isSinkError,
  type SinkError,
  type SinkErrorCode,
  type SinkErrorDetails,
} from "./errors.ts"
export type { AnalyticsEvent } from "./event.ts"
export type { LayoutName } from "./layout.ts"
export { quoteName } from "./name.ts"
export type { CutReason, SinkEvent } from "./observe.ts"
export type { Limits, Retry, SinkOptions, TableOptions } from "./options.ts"
export type { Outcome } from "./outcome.ts"
export type { InsertReply, InsertRequest, SinkApi } from "./port.ts"
export type { Runtime } from "./runtime.ts"
export { createSink, type Signal, type Sink } from "./sink.ts"
export type { Stats } from "./stats.ts"
export { createTableSql } from "./table.ts"
