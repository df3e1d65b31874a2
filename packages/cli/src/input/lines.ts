import { isUtf8 } from "node:buffer"
import type { BrokenRecord, InputRecord } from "./record.ts"

/** Longer lines are not read. A request has 1 MB, so no event of such a line could be stored. */
export const maxLineBytes = 16 * 1024 * 1024

const newline = 0x0a

/**
 * Reads NDJSON: one JSON object in a line. Yields the records of each chunk. Blank lines are no records.
 *
 * @param skip the number of lines at the start that are not parsed
 */
export async function* readLines(chunks: AsyncIterable<Buffer>, skip = 0): AsyncGenerator<InputRecord[]> {
  let number = 0
  /** The pieces of a line that the chunks so far do not end. */
  let pieces: Buffer[] = []
  let pieceBytes = 0

  function takeLine(line: Buffer, records: InputRecord[]): void {
    number++
    if (number > skip) {
      const record = toRecord(line, number)
      if (record !== undefined) records.push(record)
    }
  }

  function endLine(end: Buffer, records: InputRecord[]): void {
    if (pieceBytes + end.length > maxLineBytes) {
      number++
      if (number > skip) records.push(toTooLong(number))
    } else takeLine(pieceBytes === 0 ? end : Buffer.concat([...pieces, end]), records)
    pieces = []
    pieceBytes = 0
  }

  for await (const chunk of chunks) {
    const records: InputRecord[] = []
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      endLine(chunk.subarray(start, end), records)
      start = end + 1
    }
    const rest = chunk.subarray(start)
    pieceBytes += rest.length
    // What is too long is counted and dropped.
    if (pieceBytes > maxLineBytes) pieces = []
    else if (rest.length > 0) pieces.push(rest)
    if (records.length > 0) yield records
  }
  const records: InputRecord[] = []
  if (pieceBytes > 0) endLine(Buffer.alloc(0), records)
  if (records.length > 0) yield records
}

/** @returns undefined for a blank line */
function toRecord(line: Buffer, number: number): InputRecord | undefined {
  if (!isUtf8(line))
    return { number, code: "wrong_encoding", reason: "The line is not UTF-8. Convert the file to UTF-8." }
  const text = line.toString("utf8")
  try {
    const event: unknown = JSON.parse(text)
    if (typeof event === "object" && event !== null && !Array.isArray(event)) return { number, event }
  } catch {
    if (text.trim() === "") return undefined
  }
  return toBroken(number, text)
}

function toBroken(number: number, text: string): BrokenRecord {
  return { number, code: "broken_record", reason: "The line is not a JSON object.", text }
}

function toTooLong(number: number): BrokenRecord {
  const reason = `The line has more than ${maxLineBytes / 1024 / 1024} MB. A request has at most 1 MB.`
  return { number, code: "line_too_long", reason }
}
