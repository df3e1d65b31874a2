import type { Batcher } from "./batcher.ts"
import type { Chunk } from "./chunk.ts"
import type { Column } from "./columns.ts"
import { EventError, isSinkError } from "./errors.ts"
import type { Insert } from "./insert.ts"
import { type Outcome, toOutcome } from "./outcome.ts"
import type { Receipt } from "./receipt.ts"
import type { Row } from "./row.ts"
import type { Runtime } from "./runtime.ts"
import { refusal } from "./value.ts"

/** Rows that are encoded in one go: one call of JSON.stringify for many is cheaper than one for each. */
const rowsPerChunk = 32

export interface IntakeParts {
  readRow(event: unknown): Row
  columns: readonly Column[]
  insert: Insert
  maxBytes: number
  runtime: Runtime
  batcher: Batcher
  settle(receipt: Receipt, index: number, outcome: Outcome): void
}

/** From whom events came, and whether their rows may linger for others. */
interface Origin {
  receipt: Receipt
  waits: boolean
}

/**
 * From events to chunks in the batcher. All of it happens before the call returns: what the caller does with its
 * events afterwards changes no row.
 */
export function createIntake(parts: IntakeParts): (events: readonly unknown[], origin: Origin) => void {
  const { readRow, columns, insert, maxBytes, runtime, batcher, settle } = parts

  function take(events: readonly unknown[], origin: Origin): void {
    let rows: Row[] = []
    for (let index = 0; index < events.length; index++) {
      try {
        rows.push(readRow(events[index]))
        if (rows.length < rowsPerChunk) continue
        takeRows(rows, index + 1 - rows.length, origin)
      } catch (error) {
        takeRows(rows, index - rows.length, origin)
        refuse(index, error, origin)
      }
      rows = []
    }
    takeRows(rows, events.length - rows.length, origin)
  }

  function takeRows(rows: Row[], first: number, origin: Origin): void {
    const chunk = rows.length > 1 ? toChunk(rows.flat(), rows.length, first, origin) : undefined
    if (chunk !== undefined && batcher.hasRoom(chunk)) {
      batcher.add(chunk, origin.waits)
    } else {
      // The last rows that fit a batch, or one that JSON cannot hold: each on its own.
      for (const [offset, row] of rows.entries()) takeRow(row, first + offset, origin)
    }
  }

  function takeRow(row: Row, index: number, origin: Origin): void {
    const chunk = toChunk(row, 1, index, origin)
    const bytes = chunk === undefined ? 0 : insert.baseBytes + insert.bytesOf(chunk)
    if (chunk === undefined) refuse(index, toJsonError(row, columns), origin)
    else if (bytes > maxBytes) refuse(index, toTooLargeError(bytes, maxBytes), origin)
    else batcher.add(chunk, origin.waits)
  }

  function toChunk(values: unknown[], rows: number, first: number, { receipt }: Origin): Chunk | undefined {
    try {
      const args = JSON.stringify(values).slice(1, -1)
      return { args, bytes: runtime.byteLength(args), rows, receipt, first }
    } catch {
      return undefined
    }
  }

  function refuse(index: number, error: unknown, { receipt }: Origin): void {
    if (!isSinkError(error)) throw error
    settle(receipt, index, toOutcome(error))
  }

  return take
}

function toJsonError(row: Row, columns: readonly Column[]): EventError {
  const broken = columns.find((_, index) => !isJson(row[index])) ?? (columns[0] as Column)
  return refusal(
    "bad_json",
    broken,
    "cannot be written as JSON (a cycle, a BigInt, too deep, or a toJSON that throws)",
  )
}

function isJson(value: unknown): boolean {
  try {
    JSON.stringify(value)
    return true
  } catch {
    return false
  }
}

function toTooLargeError(bytes: number, maxBytes: number): EventError {
  return new EventError({
    code: "row_too_large",
    message: `The event makes a request of ${bytes} bytes, more than the limit of ${maxBytes} bytes. Send less in it.`,
  })
}
