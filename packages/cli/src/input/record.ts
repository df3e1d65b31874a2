/** Why a record of a file is not an event. */
export type BrokenCode =
  | "broken_record"
  | "line_too_long"
  | "wrong_encoding"
  | "truncated_file"
  | "unreadable_file"

/** One record of a file. */
export interface InputRecord {
  /** Its number in the file, from 1: the line, or the element of an array. */
  readonly number: number
  /** Parses it. Each call returns a new object, so that the record need not keep it. */
  parse(): ParsedRecord
}

export type ParsedRecord = ParsedEvent | BrokenRecord

export interface ParsedEvent {
  readonly event: Record<string, unknown>
  /** How often the event was passed to a sink before. @default 0 */
  readonly attempts?: number | undefined
  /** Why it was not stored then. */
  readonly previousCode?: string | undefined
}

export interface BrokenRecord {
  readonly code: BrokenCode
  readonly reason: string
  /** The record as it is in the file, if it is text and not too long. */
  readonly text?: string | undefined
}

export const isBroken = (parsed: ParsedRecord): parsed is BrokenRecord => "reason" in parsed

/** A record that cannot be parsed, however often. */
export function toBrokenRecord(number: number, broken: BrokenRecord): InputRecord {
  return { number, parse: () => broken }
}
