/** Codes of {@link EventError}: what is wrong with the event. */
export type EventErrorCode =
  | "not_an_event"
  | "missing_value"
  | "bad_text"
  | "text_too_long"
  | "bad_time"
  | "bad_json"
  | "bad_number"
  | "bad_boolean"
  | "row_too_large"
  | "value_refused"
  | "duplicate_key"

/** Codes of {@link ConfigError}: what the person who set it up has to mend. */
export type ConfigErrorCode =
  | "bad_options"
  | "access_denied"
  | "no_privilege"
  | "no_database"
  | "unknown_database"
  | "unknown_table"
  | "unknown_column"
  | "unknown_endpoint"
  | "bad_request"
  | "request_too_large"
  | "not_the_data_api"
  | "bad_certificate"
  | "no_tls"
  | "answer_too_large"
  | "unexpected_rows"
  | "unknown_answer"
  | "systemic_refusal"
  | "bad_port"

/** Codes of {@link DeliveryError}: why it did not work this time. */
export type DeliveryErrorCode =
  | "no_token"
  | "unreachable"
  | "network"
  | "timeout"
  | "too_busy"
  | "server_unavailable"
  | "lock_wait"
  | "out_of_memory"
  | "recovering"
  | "interrupted"
  | "too_late"
  | "aborted"
  | "closed"

export type SinkErrorCode = EventErrorCode | ConfigErrorCode | DeliveryErrorCode

/** What is known about an error. `message` says what is wrong, where, and what to do next. */
export interface SinkErrorDetails<Code extends SinkErrorCode = SinkErrorCode> {
  /** Stable name of the condition, and its heading in docs/operating.md. */
  code: Code
  message: string
  /** The column that the condition is about. */
  column?: string | undefined
  /** The database engine's own number, where it gave one (1146, for example). */
  engineCode?: number | undefined
  /** The HTTP status of the answer, where there was one. */
  status?: number | undefined
}

// A brand and not instanceof: two copies of this package in one process must still know each other's errors.
const brand = Symbol.for("singlesink.error")

class SinkErrorBase<Code extends SinkErrorCode> extends Error {
  readonly code: Code
  readonly column: string | undefined
  readonly engineCode: number | undefined
  readonly status: number | undefined

  constructor(name: string, details: SinkErrorDetails<Code>) {
    const link = ` (docs/operating.md#${details.code})`
    // An error that is made from another has it already.
    super(details.message.endsWith(link) ? details.message : details.message + link)
    Object.defineProperty(this, "name", { value: name, configurable: true })
    Object.defineProperty(this, brand, { value: true })
    this.code = details.code
    this.column = details.column
    this.engineCode = details.engineCode
    this.status = details.status
  }
}

/** This event can never be stored as it is: whoever sent it must act. Its neighbours are not affected. */
export class EventError extends SinkErrorBase<EventErrorCode> {
  declare readonly name: "EventError"

  constructor(details: SinkErrorDetails<EventErrorCode>) {
    super("EventError", details)
  }
}

/** The set-up is wrong: trying again does not help until a person has changed it. Nothing was stored. */
export class ConfigError extends SinkErrorBase<ConfigErrorCode> {
  declare readonly name: "ConfigError"

  constructor(details: SinkErrorDetails<ConfigErrorCode>) {
    super("ConfigError", details)
  }
}

/** It did not work this time: try again. */
export class DeliveryError extends SinkErrorBase<DeliveryErrorCode> {
  declare readonly name: "DeliveryError"
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** The request may have been carried out although no answer came, so the row may already be stored. */
  readonly ambiguous: boolean

  constructor(
    details: SinkErrorDetails<DeliveryErrorCode> & {
      retryAfterMs?: number | undefined
      ambiguous?: boolean | undefined
    },
  ) {
    super("DeliveryError", details)
    this.retryAfterMs = details.retryAfterMs
    this.ambiguous = details.ambiguous ?? false
  }
}

export type SinkError = EventError | ConfigError | DeliveryError

/** Whether `value` is one of the three errors, also when another copy of this package made it. */
export function isSinkError(value: unknown): value is SinkError {
  try {
    return typeof value === "object" && value !== null && brand in value
  } catch {
    // A proxy that is revoked cannot even be asked.
    return false
  }
}
