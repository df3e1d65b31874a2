import type { Batcher } from "./batcher.ts"
import { type Chunk, toChunk, toChunkWithBody } from "./chunk.ts"
import type { Column } from "./columns.ts"
import { EventError, isSinkError } from "./errors.ts"
import type { Insert } from "./insert.ts"
import { type Outcome, toOutcome } from "./outcome.ts"
import type { Receipt } from "./receipt.ts"
import type { Runtime } from "./runtime.ts"
import { refusal } from "./value.ts"

/** What a row is taken for, in bytes, until rows have been seen: rather too much, so that the first chunk fits. */
const firstGuess = 2_000

/** The share of the room that a chunk is expected to fill: what is left over is filled row by row. */
const expectedFill = 0.95

export interface IntakeParts {
  readRow(event: unknown, values: unknown[]): void
  columns: readonly Column[]
  insert: Insert
  maxBytes: number
  runtime: Runtime
  batcher: Batcher
  settle(receipt: Receipt, first: number, count: number, outcome: Outcome): void
}

/**
 * From events to chunks in the batcher. All of it happens before the call returns: what the caller does with its
 * events afterwards changes no row.
 */
export function createIntake(parts: IntakeParts): (receipt: Receipt) => void {
  const { readRow, columns, insert, maxBytes, runtime, batcher, settle } = parts
  let bytesPerRow = firstGuess

  function take(receipt: Receipt): void {
    const { events } = receipt
    let values: unknown[] = []
    let rows = 0
    let run = toRun(events.length)
    for (let index = 0; index < events.length; index++) {
      try {
        readRow(events[index], values)
        rows++
        if (rows < run.rows) continue
        takeRows(values, rows, receipt, index + 1 - rows)
        if (run.isHalf) batcher.cut("deliver")
      } catch (error) {
        takeRows(values, rows, receipt, index - rows)
        refuse(receipt, index, error)
      }
      values = []
      rows = 0
      run = toRun(events.length - index - 1)
    }
    takeRows(values, rows, receipt, events.length - rows)
  }

  /**
   * How many rows to encode in one go: as many as the batch will probably have room for. One call of JSON.stringify
   * for many rows is cheaper than one for each, and a batch of one run is a request as it is. So what makes two
   * requests is halved, instead of filling the first with small runs.
   */
  function toRun(left: number): { rows: number; isHalf: boolean } {
    const room = batcher.room()
    const fitting = Math.floor((expectedFill * room.bytes) / bytesPerRow)
    const isHalf = room.isEmpty && left > fitting && left <= 2 * fitting && left <= 2 * room.rows
    const rows = isHalf ? Math.ceil(left / 2) : Math.min(room.rows, Math.max(1, fitting))
    return { rows, isHalf }
  }

  function takeRows(values: unknown[], rows: number, receipt: Receipt, first: number): void {
    if (rows === 0) return
    const chunk = encode(values, rows, receipt, first)
    if (chunk !== undefined && batcher.hasRoom(chunk)) {
      learn(chunk)
      batcher.add(chunk)
    } else if (rows === 1) {
      takeLastRow(values, chunk, receipt, first)
    } else {
      // More than expected, or a row that JSON cannot hold: half of them at a time.
      const half = rows >> 1
      const cut = half * columns.length
      takeRows(values.slice(0, cut), half, receipt, first)
      takeRows(values.slice(cut), rows - half, receipt, first + half)
    }
  }

  /** A row that the batch has no room for begins the next, unless no request could carry it. */
  function takeLastRow(values: unknown[], chunk: Chunk | undefined, receipt: Receipt, index: number): void {
    const bytes = chunk === undefined ? 0 : insert.baseBytes + insert.bytesOf(chunk)
    if (chunk === undefined) refuse(receipt, index, toJsonError(values, columns))
    else if (bytes > maxBytes) refuse(receipt, index, toTooLargeError(bytes, maxBytes))
    else batcher.add(chunk)
  }

  function encode(values: unknown[], rows: number, receipt: Receipt, first: number): Chunk | undefined {
    const isAlone = !receipt.waits && batcher.room().isEmpty
    try {
      return isAlone
        ? toChunkWithBody(values, { rows, receipt, first }, insert, runtime)
        : toChunk(values, { rows, receipt, first }, runtime)
    } catch {
      return undefined
    }
  }

  /** The more rows a chunk has, the more it counts. */
  function learn(chunk: Chunk): void {
    bytesPerRow += (insert.bytesOf(chunk) / chunk.rows - bytesPerRow) * Math.min(1, chunk.rows / 64)
  }

  function refuse(receipt: Receipt, index: number, error: unknown): void {
    if (!isSinkError(error)) throw error
    settle(receipt, index, 1, toOutcome(error))
  }

  return take
}

function toJsonError(values: readonly unknown[], columns: readonly Column[]): EventError {
  const broken = columns.find((_, index) => !isJson(values[index])) ?? (columns[0] as Column)
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
