/** Codes of {@link EventError}: what is wrong with the event. */
export type EventErrorCode =
  | "not_an_event"
  | "missing_value"
  | "invalid_text"
  | "text_too_long"
  | "invalid_timestamp"
  | "invalid_json"
  | "invalid_number"
  | "invalid_boolean"
  | "row_too_large"
  | "value_rejected"
  | "duplicate_key"
  | "schema_violation"

/** Codes of {@link ConfigError}: what the operator has to fix. */
export type ConfigErrorCode =
  | "invalid_options"
  | "access_denied"
  | "permission_denied"
  | "database_not_selected"
  | "unknown_database"
  | "unknown_table"
  | "unknown_column"
  | "missing_column"
  | "sql_error"
  | "request_too_large"
  | "untrusted_certificate"
  | "tls_handshake_failed"
  | "private_host"
  | "response_too_large"
  | "schema_mismatch"
  | "unexpected_response"
  | "batch_rejected"
  | "invalid_transport"

/** Codes of {@link DeliveryError}: why the delivery failed this time. */
export type DeliveryErrorCode =
  | "token_unavailable"
  | "connection_failed"
  | "connection_lost"
  | "not_from_database"
  | "timeout"
  | "overloaded"
  | "server_unavailable"
  | "lock_timeout"
  | "database_out_of_memory"
  | "recovering"
  | "statement_interrupted"
  | "deadline_exceeded"
  | "aborted"
  | "closed"

/** The codes of all errors. Each is a heading of docs/operating.md. */
export type SinkErrorCode = EventErrorCode | ConfigErrorCode | DeliveryErrorCode

/** One wrong option, or one violation of a schema. */
export interface Issue {
  /** Where it is: `limits.maxRows`; empty for the options as a whole. */
  path: string
  /** What is wrong, such as "`limits.maxRows` must be an integer from 1 to 65000". It never contains the value. */
  message: string
}

/** What is known about an error. `message` says what is wrong, with which table, column or option, and what to do. */
export interface SinkErrorDetails<Code extends SinkErrorCode = SinkErrorCode> {
  /** Stable name of the condition. docs/operating.md has a heading for each. */
  code: Code
  message: string
  /** The column that the error is about, if known. */
  column?: string | undefined
  /** The table that the error is about, if known. */
  table?: string | undefined
  /** With `invalid_options` one entry for each wrong option, with `schema_violation` one for each path. */
  issues?: readonly Issue[] | undefined
  /** The database engine's error number, such as 1146, if the server sent one. */
  engineCode?: number | undefined
  /** The HTTP status of the response, if there was one. */
  status?: number | undefined
  /** Whether an earlier request with the event may have been committed although no answer confirmed it. @default false */
  ambiguous?: boolean | undefined
}

// A brand instead of instanceof: two copies of this package in one process must recognise each other's errors.
const brand = Symbol.for("singlesink.error")

class SinkErrorBase<Code extends SinkErrorCode> extends Error {
  declare readonly code: Code
  declare readonly column: string | undefined
  declare readonly table: string | undefined
  declare readonly issues: readonly Issue[] | undefined
  declare readonly engineCode: number | undefined
  declare readonly status: number | undefined
  /**
   * The row may already be stored: a request with it may have been committed, and no answer decided it. This is a
   * property of the event's history, so it stays true whatever error comes last.
   */
  declare readonly ambiguous: boolean

  static {
    Object.defineProperty(SinkErrorBase.prototype, brand, { value: true })
  }

  constructor(details: SinkErrorDetails<Code>) {
    // An error that is made from another one has the code of that one.
    super(`${details.message.replace(/ \[\w+\]$/, "")} [${details.code}]`)
    const { code, column, table, issues, engineCode, status, ambiguous = false } = details
    Object.assign(this, { code, column, table, issues, engineCode, status, ambiguous })
  }
}

/**
 * The event can never be stored as it is, and its sender has to act. Its neighbours are not affected.
 *
 * @example
 * try {
 *   await sink.write(event)
 * } catch (error) {
 *   if (isSinkError(error) && error.name === "EventError") await deadLetters.add(event, error.code)
 *   else throw error
 * }
 */
export class EventError extends SinkErrorBase<EventErrorCode> {
  declare name: "EventError"

  static {
    EventError.prototype.name = "EventError"
  }
}

/**
 * The configuration is wrong, and the operator has to fix it. Trying again does not help until then.
 *
 * @example
 * if (error.name === "ConfigError") pager.alert(error.code, error.message)
 */
export class ConfigError extends SinkErrorBase<ConfigErrorCode> {
  declare name: "ConfigError"

  static {
    ConfigError.prototype.name = "ConfigError"
  }
}

/**
 * The delivery failed this time. Send the event again.
 *
 * @example
 * if (error.name === "DeliveryError") await queue.retry(event, { delayMs: error.retryAfterMs ?? 1_000 })
 */
export class DeliveryError extends SinkErrorBase<DeliveryErrorCode> {
  declare name: "DeliveryError"
  /** How long the server asks to wait, in milliseconds. */
  declare readonly retryAfterMs: number | undefined

  static {
    DeliveryError.prototype.name = "DeliveryError"
  }

  constructor(details: SinkErrorDetails<DeliveryErrorCode> & { retryAfterMs?: number | undefined }) {
    super(details)
    this.retryAfterMs = details.retryAfterMs
  }
}

/** The three errors of a sink. `name` tells them apart, and with it who has to act. */
export type SinkError = EventError | ConfigError | DeliveryError

/**
 * Whether `value` is one of the three errors, including those of another copy of this package.
 *
 * @example
 * if (isSinkError(error)) console.error(error.code, error.message)
 * else throw error
 */
export function isSinkError(value: unknown): value is SinkError {
  try {
    return typeof value === "object" && value !== null && brand in value
  } catch {
    // A revoked proxy throws on any access.
    return false
  }
}

/** The same error for an event that a request may have stored. */
export function toAmbiguous(error: ConfigError | DeliveryError): ConfigError | DeliveryError {
  if (error.ambiguous) return error
  const message = `${error.message.replace(/ \[\w+\]$/, "")} A request may have stored the event.`
  const details = { ...error, message, ambiguous: true }
  return error.name === "ConfigError"
    ? new ConfigError(details as ConfigError)
    : new DeliveryError(details as DeliveryError)
}
