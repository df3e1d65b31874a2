import type { SinkError } from "@singlesink/core"
import type { BrokenCode, BrokenRecord, ParsedEvent } from "../input/record.ts"
import { version } from "../version.ts"

/** An event that was not stored, as a line of a dead-letter file. `replay` sends it again. */
export interface DeadLetter {
  /** The event as it came. None if the record is not an event. */
  readonly event?: object | undefined
  /** The record, if it is not an event and is text. */
  readonly text?: string | undefined
  /** Where it was: the file and the number of the record. */
  readonly source: string
  readonly code: SinkError["code"] | BrokenCode
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
  readonly time: string
}

export function toDeadLetter(
  { event, attempts = 0 }: ParsedEvent,
  source: string,
  error: SinkError,
): DeadLetter {
  return {
    event,
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

export function toBrokenLetter({ text, code, reason }: BrokenRecord, source: string): DeadLetter {
  return { text, source, code, reason, attempts: 0, version, time: new Date().toISOString() }
}
