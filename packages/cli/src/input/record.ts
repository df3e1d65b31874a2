/** Why a record of a file is not an event. */
export type BrokenCode =
  | "broken_record"
  | "line_too_long"
  | "wrong_encoding"
  | "truncated_file"
  | "unreadable_file"

/** One record of a file: an event, or the reason why it is none. */
export type InputRecord = EventRecord | BrokenRecord

export interface EventRecord {
  /** The number of the record in its file, from 1: the line, or the element of an array. */
  readonly number: number
  readonly event: object
  /** How often the event was sent before. @default 0 */
  readonly attempts?: number | undefined
  /** Why it was not stored then. */
  readonly previousCode?: string | undefined
}

export interface BrokenRecord {
  readonly number: number
  readonly code: BrokenCode
  readonly reason: string
  /** The record as it is in the file, if it is text and not too long. */
  readonly text?: string | undefined
}

export const isBroken = (record: InputRecord): record is BrokenRecord => "reason" in record
