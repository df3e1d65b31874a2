import { pipeline, Readable } from "node:stream"
import { type CsvError, parse } from "csv-parse"
import { maxLineBytes } from "./lines.ts"
import type { InputRecord } from "./record.ts"

/** A column of a CSV file, and the path in the event that gets its values. */
export type CsvMapping = ReadonlyMap<string, string>

/** Columns that hold JSON. In all others a cell is text. */
const jsonPaths = new Set(["properties", "traits", "context", "integrations"])

const rowsPerYield = 500

/**
 * Reads CSV with a header. A column fills the path that `mapping` gives it, or else the path that is its name, such as
 * `properties.plan`. Empty cells are left out.
 *
 * @param skip the number of rows at the start that are not returned
 */
export async function* readCsv(
  chunks: AsyncIterable<Buffer>,
  { mapping, delimiter, skip = 0 }: { mapping: CsvMapping; delimiter: string; skip?: number | undefined },
): AsyncGenerator<InputRecord[]> {
  let records: InputRecord[] = []
  const add = (record: InputRecord) => {
    if (record.number > skip) records.push(record)
  }
  let broken: InputRecord[] = []
  const parser = parse({
    delimiter,
    bom: true,
    columns: true,
    info: true,
    max_record_size: maxLineBytes,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: error => void broken.push(toBroken(error)),
  })
  // An error of the source destroys the parser with the same error, so that it arrives below.
  pipeline(Readable.from(chunks), parser, () => {})
  for await (const row of parser as AsyncIterable<{
    record: Record<string, string>
    info: { lines: number }
  }>) {
    for (const record of broken) add(record)
    broken = []
    add(toRecord(row.record, row.info.lines, mapping))
    if (records.length < rowsPerYield) continue
    yield records
    records = []
  }
  for (const record of broken) add(record)
  if (records.length > 0) yield records
}

function toBroken(error: CsvError | undefined): InputRecord {
  const number = Number(error?.lines ?? 0)
  return {
    number,
    code: "broken_record",
    reason: "The row does not have the columns of the header, or its quotes are wrong.",
  }
}

function toRecord(row: Readonly<Record<string, string>>, number: number, mapping: CsvMapping): InputRecord {
  const event: Record<string, unknown> = {}
  for (const [column, cell] of Object.entries(row)) {
    const path = mapping.get(column) ?? column
    if (cell === "" || path === "") continue
    if (!jsonPaths.has(path)) {
      setPath(event, path.split("."), cell)
      continue
    }
    try {
      event[path] = JSON.parse(cell)
    } catch {
      return { number, code: "broken_record", reason: `The column ${column} does not contain valid JSON.` }
    }
  }
  return { number, event }
}

function setPath(target: Record<string, unknown>, [key = "", ...rest]: string[], value: string): void {
  // Keys such as __proto__ become properties like any other.
  const own = Object.hasOwn(target, key) ? target[key] : undefined
  const next = rest.length === 0 ? value : typeof own === "object" && own !== null ? own : {}
  Object.defineProperty(target, key, { value: next, enumerable: true, configurable: true, writable: true })
  if (rest.length > 0) setPath(next as Record<string, unknown>, rest, value)
}
