import type { Readable } from "node:stream"
import { readArray } from "./array.ts"
import { readBytes, TruncatedError } from "./bytes.ts"
import { type CsvMapping, readCsv } from "./csv.ts"
import type { InputFile } from "./files.ts"
import { readLines } from "./lines.ts"
import { type BrokenRecord, type InputRecord, toBrokenRecord } from "./record.ts"

export const inputFormats = ["ndjson", "json", "csv"] as const
export type InputFormat = (typeof inputFormats)[number]

export interface InputOptions {
  /** @default by the name of the file and its first byte */
  readonly format?: InputFormat | undefined
  readonly mapping: CsvMapping
  readonly stdin: Readable
  /** Receives the bytes read from the disk. */
  readonly onRead: (bytes: number) => void
}

/**
 * Reads the records of a file. A file that cannot be read to its end ends with a broken record.
 *
 * @param skip the number of the last record that is not returned
 */
export async function* readRecords(
  file: InputFile,
  options: InputOptions,
  skip = 0,
): AsyncGenerator<InputRecord[]> {
  let number = skip
  try {
    for await (const records of readFormat(file, options, skip)) {
      number = records.at(-1)?.number ?? number
      yield records
    }
  } catch (error) {
    yield [toBrokenRecord(number + 1, toUnreadable(error))]
  }
}

async function* readFormat(
  file: InputFile,
  options: InputOptions,
  skip: number,
): AsyncGenerator<InputRecord[]> {
  const chunks = readBytes(file, options.stdin, options.onRead)
  const first = await chunks.next()
  if (first.done === true) return
  const start = withoutByteOrderMark(first.value)
  const all = prepend(start, chunks)
  if (isUtf16(start)) {
    const reason = "The file is UTF-16. Convert it to UTF-8."
    if (skip === 0) yield [toBrokenRecord(1, { code: "wrong_encoding", reason })]
  } else {
    const format = options.format ?? detectFormat(file.path, start)
    if (format === "csv") {
      const delimiter = /\.tsv\b/i.test(file.path) ? "\t" : ","
      yield* readCsv(all, { mapping: options.mapping, delimiter, skip })
    } else yield* format === "json" ? readArray(all, skip) : readLines(all, skip)
  }
}

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

function withoutByteOrderMark(start: Buffer): Buffer {
  return start.subarray(0, 3).equals(byteOrderMark) ? start.subarray(3) : start
}

const byteOrderMark = Buffer.from("\uFEFF")

function isUtf16(start: Buffer): boolean {
  const mark = start.length < 2 ? 0 : start.readUInt16BE(0)
  return mark === 0xfffe || mark === 0xfeff
}

function detectFormat(path: string, start: Buffer): InputFormat {
  if (/\.(csv|tsv)(\.\w+)?$/i.test(path)) return "csv"
  return /^\s*\[/.test(start.toString("latin1", 0, 1_000)) ? "json" : "ndjson"
}

function toUnreadable(error: unknown): BrokenRecord {
  if (error instanceof TruncatedError) return { code: "truncated_file", reason: error.message }
  const { code = "unknown error" } = error as NodeJS.ErrnoException
  return { code: "unreadable_file", reason: `The file cannot be read any further (${code}).` }
}
