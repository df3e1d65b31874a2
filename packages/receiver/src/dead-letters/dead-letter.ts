import type { SinkError } from "@singlesink/core"

/** An event that was not stored, as a line of a dead-letter file. `singlesink replay` sends it again. */
export interface DeadLetter {
  /** The event as it came. Undefined if the record is not an event. */
  readonly event?: object | undefined
  /** The record, if it is text and not an event. */
  readonly text?: string | undefined
  /** The place where the event came from: a file and the number of the record, or a route of the receiver. */
  readonly source: string
  /** The code of the error, or why the record is not an event. */
  readonly code: string
  /** The message of the error. It contains no values of the event. */
  readonly reason: string
  readonly column?: string | undefined
  readonly engineCode?: number | undefined
  /** How often the event was passed to a sink. */
  readonly attempts: number
  /** Whether the row may be stored although no answer confirmed it. */
  readonly ambiguous?: true | undefined
  /** The version of singlesink that wrote the letter. */
  readonly version: string
  /** When it was written, in ISO 8601. */
  readonly time: string
}

/** An event, and how often it was passed to a sink before. */
interface Undelivered {
  readonly event?: object | undefined
  readonly text?: string | undefined
  /** @default 0 */
  readonly attempts?: number | undefined
}

/**
 * Describes an event that a sink did not store.
 *
 * @example
 * const letter = toDeadLetter({ event }, "/v1/track", outcome.error, "1.0.0")
 */
export function toDeadLetter(
  { event, text, attempts = 0 }: Undelivered,
  source: string,
  error: SinkError,
  version: string,
): DeadLetter {
  return {
    event,
    text,
    source,
    code: error.code,
    reason: error.message,
    column: error.column,
    engineCode: error.engineCode,
    attempts: attempts + 1,
    ambiguous: error.ambiguous || undefined,
    version,
    time: new Date().toISOString(),
  }
}
