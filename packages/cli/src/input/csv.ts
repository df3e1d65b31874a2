import { type CsvError, parse } from "csv-parse"
import { maxLineBytes } from "./lines.ts"
import { type InputRecord, type ParsedRecord, toBrokenRecord } from "./record.ts"

/** A column of a CSV file, and the path in the event that gets its values. */
export type CsvMapping = ReadonlyMap<string, string>

/** Columns that hold JSON. In all others a cell is text. */
const jsonPaths = new Set(["properties", "traits", "context", "integrations"])

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
  // Rows and errors are taken as the parser meets them, because their order is that of the file.
  const parser = parse({
    delimiter,
    bom: true,
    columns: true,
    max_record_size: maxLineBytes,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_record(row: Readonly<Record<string, string>>, { lines }) {
      add({ number: lines, parse: () => toEvent(row, mapping) })
      return null
    },
    on_skip: error => void add(toBroken(error)),
  })
  let failure: CsvError | undefined
  parser.on("error", (error: CsvError) => {
    failure = error
  })
  parser.resume()

  for await (const chunk of chunks) {
    await new Promise(resolve => parser.write(chunk, resolve))
    if (records.length > 0) yield records
    records = []
    if (failure !== undefined) break
  }
  await new Promise<void>(resolve => (parser.destroyed ? resolve() : parser.end(() => resolve())))
  if (failure !== undefined) add(toBroken(failure))
  if (records.length > 0) yield records
}

function toBroken(error: CsvError | undefined): InputRecord {
  const reason =
    error?.code === "CSV_RECORD_INCONSISTENT_COLUMNS"
      ? "The row does not have as many cells as the header."
      : "The row is not valid CSV: a quote is not closed, or the row is too long. The rows after it may be part of it."
  return toBrokenRecord(Number(error?.lines ?? 0), { code: "broken_record", reason })
}

function toEvent(row: Readonly<Record<string, string>>, mapping: CsvMapping): ParsedRecord {
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
      return { code: "broken_record", reason: `The column ${column} does not contain valid JSON.` }
    }
  }
  return { event }
}

function setPath(target: Record<string, unknown>, [key = "", ...rest]: string[], value: string): void {
  // Keys such as __proto__ become properties like any other.
  const own = Object.hasOwn(target, key) ? target[key] : undefined
  const next = rest.length === 0 ? value : typeof own === "object" && own !== null ? own : {}
  Object.defineProperty(target, key, { value: next, enumerable: true, configurable: true, writable: true })
  if (rest.length > 0) setPath(next as Record<string, unknown>, rest, value)
}
