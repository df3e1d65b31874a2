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
export type { Limits, SinkOptions, TableOptions } from "./options.ts"
export type { Outcome } from "./outcome.ts"
export type { InsertReply, InsertRequest, SinkApi } from "./port.ts"
export { createSink, type Sink, type Stats } from "./sink.ts"
export { createTableSql } from "./table.ts"
