import type { SinkError } from "@singlesink/core"
import { type DeadLetter, toDeadLetter as toLetter } from "@singlesink/receiver/dead-letters"
import type { BrokenRecord, ParsedEvent } from "../input/record.ts"
import { version } from "../version.ts"

/** @param source the file and the number of the record */
export function toDeadLetter(parsed: ParsedEvent, source: string, error: SinkError): DeadLetter {
  return toLetter(parsed, source, error, version)
}

export function toBrokenLetter({ text, code, reason }: BrokenRecord, source: string): DeadLetter {
  return { text, source, code, reason, attempts: 0, version, time: new Date().toISOString() }
}
