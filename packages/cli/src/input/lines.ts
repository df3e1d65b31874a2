import { isUtf8 } from "node:buffer"
import { type InputRecord, type ParsedRecord, toBrokenRecord } from "./record.ts"

/** Longer lines are not read. A request has 1 MB, so no event of such a line could be stored. */
export const maxLineBytes = 16 * 1024 * 1024

const newline = 0x0a

/**
 * Reads NDJSON: one JSON object in a line. Yields the records of each chunk. Blank lines are no records.
 *
 * @param skip the number of lines at the start that are not returned
 */
export async function* readLines(chunks: AsyncIterable<Buffer>, skip = 0): AsyncGenerator<InputRecord[]> {
  let number = 0
  /** The pieces of a line that the chunks so far do not end. */
  let pieces: Buffer[] = []
  let pieceBytes = 0

  function take(bytes: Buffer, start: number, end: number, records: InputRecord[]): void {
    number++
    if (number > skip && !isBlank(bytes, start, end)) records.push(toRecord(number, bytes, start, end))
  }

  /** Ends the line that began in earlier chunks. */
  function takePieces(end: Buffer, records: InputRecord[]): void {
    const isTooLong = pieceBytes + end.length > maxLineBytes
    const line = Buffer.concat(isTooLong ? [] : [...pieces, end])
    pieces = []
    pieceBytes = 0
    take(line, 0, line.length, records)
    if (isTooLong && number > skip) records.push(toTooLong(number))
  }

  for await (const chunk of chunks) {
    const records: InputRecord[] = []
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      if (pieceBytes > 0) takePieces(chunk.subarray(start, end), records)
      else take(chunk, start, end, records)
      start = end + 1
    }
    const rest = chunk.subarray(start)
    pieceBytes += rest.length
    // A line that is too long is only counted.
    if (pieceBytes > maxLineBytes) pieces = []
    else if (rest.length > 0) pieces.push(rest)
    if (records.length > 0) yield records
  }
  const records: InputRecord[] = []
  if (pieceBytes > 0) takePieces(Buffer.alloc(0), records)
  if (records.length > 0) yield records
}

/** The record keeps the bytes of its chunk. A view of each line would cost more than the line. */
function toRecord(number: number, bytes: Buffer, start: number, end: number): InputRecord {
  return { number, parse: () => parseLine(bytes, start, end) }
}

function parseLine(bytes: Buffer, start: number, end: number): ParsedRecord {
  const text = bytes.toString("utf8", start, end)
  // Bytes that are not UTF-8 become U+FFFD, which is rare otherwise.
  if (text.includes("\uFFFD") && !isUtf8(bytes.subarray(start, end))) {
    return { code: "wrong_encoding", reason: "The line is not UTF-8. Convert the file to UTF-8." }
  }
  try {
    const event: unknown = JSON.parse(text)
    if (typeof event === "object" && event !== null && !Array.isArray(event)) {
      return { event: event as Record<string, unknown> }
    }
  } catch {}
  return { code: "broken_record", reason: "The line is not a JSON object.", text }
}

/** Whether a line has only spaces. An event starts with a brace, so one look is enough for it. */
function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if ((bytes[index] ?? 0) > 0x20) return false
  return true
}

function toTooLong(number: number): InputRecord {
  const reason = `The line has more than ${maxLineBytes / 1024 / 1024} MB. A request has at most 1 MB.`
  return toBrokenRecord(number, { code: "line_too_long", reason })
}
