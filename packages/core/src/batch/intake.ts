import { EventError, isSinkError } from "../errors.ts"
import type { Column } from "../event/columns.ts"
import type { CheckEvent } from "../event/contract.ts"
import type { ReadRow } from "../event/row.ts"
import { valueError } from "../event/value.ts"
import { toOutcome } from "../outcome.ts"
import type { ResolvedSinkOptions } from "../resolve-options.ts"
import type { Insert } from "../table/insert.ts"
import type { Batcher } from "./batcher.ts"
import type { Chunk } from "./chunk.ts"
import { type Span, type Submission, settle } from "./submission.ts"

/** The assumed bytes of a row until rows have been seen. Rather too much, so that the first chunk fits. */
const firstBytesPerRow = 2_000

/** The share of the room that a chunk is planned to fill. The rest is filled row by row. */
const plannedFill = 0.95

export interface IntakeParts {
  readRow: ReadRow
  /** Throws if the event must not become a row. */
  checkEvent: CheckEvent | undefined
  options: Pick<ResolvedSinkOptions, "columns" | "limits">
  insert: Insert
  batcher: Batcher
}

/**
 * Turns events into chunks and adds them to the batcher. All of it happens before the call returns, so what the caller
 * does with its events afterwards changes no row.
 */
export function createIntake({
  readRow,
  checkEvent,
  options,
  insert,
  batcher,
}: IntakeParts): (submission: Submission) => void {
  const { columns, limits } = options
  let bytesPerRow = firstBytesPerRow

  function take(submission: Submission): void {
    const { events, stats } = submission
    let values: unknown[] = []
    let rows = 0
    let run = toRun(events.length)
    for (let index = 0; index < events.length; index++) {
      try {
        checkEvent?.(events[index])
        stats.nulledValues += readRow(events[index], values)
        rows++
        if (rows < run.rows) continue
        takeRows(values, { submission, offset: index + 1 - rows, rows })
        if (run.isHalf) batcher.closeBatch("write_batch")
      } catch (error) {
        takeRows(values, { submission, offset: index - rows, rows })
        reject({ submission, offset: index, rows: 1 }, error)
      }
      values = []
      rows = 0
      run = toRun(events.length - index - 1)
    }
    takeRows(values, { submission, offset: events.length - rows, rows })
  }

  /**
   * How many rows to encode together: as many as the batch probably has room for. One call of JSON.stringify for many
   * rows is cheaper than one for each, and a batch of one run needs no copying. If the events need two requests, each
   * takes half of them, instead of the first being filled with small runs.
   */
  function toRun(left: number): { rows: number; isHalf: boolean } {
    const room = batcher.room()
    const fitting = Math.floor((plannedFill * room.bytes) / bytesPerRow)
    const isHalf = room.isEmpty && left > fitting && left <= 2 * fitting && left <= 2 * room.rows
    const rows = isHalf ? Math.ceil(left / 2) : Math.min(room.rows, Math.max(1, fitting))
    return { rows, isHalf }
  }

  function takeRows(values: unknown[], span: Span): void {
    const { submission, offset, rows } = span
    if (rows === 0) return
    const chunk = encode(values, span)
    if (chunk !== undefined && batcher.hasRoom(chunk)) {
      learn(chunk)
      batcher.add(chunk)
    } else if (rows === 1) {
      takeLastRow(values, chunk, span)
    } else {
      // Larger than planned, or a row that JSON cannot represent: half of the rows at a time.
      const half = rows >> 1
      const middle = half * columns.length
      takeRows(values.slice(0, middle), { submission, offset, rows: half })
      takeRows(values.slice(middle), { submission, offset: offset + half, rows: rows - half })
    }
  }

  /** A row that the batch has no room for starts the next one, unless no request could carry it. */
  function takeLastRow(values: unknown[], chunk: Chunk | undefined, span: Span): void {
    const { maxBytes } = limits
    const bytes = chunk === undefined ? 0 : insert.baseBytes + insert.bytesOf(chunk)
    if (chunk === undefined) takeUnrepresentable(values, span)
    else if (bytes > maxBytes) reject(span, toTooLargeError(bytes, maxBytes))
    else batcher.add(chunk)
  }

  /** A row with a value that JSON cannot represent. */
  function takeUnrepresentable(values: unknown[], span: Span): void {
    const index = values.findIndex(value => !isJson(value))
    const column = columns[index]
    if (column?.onInvalid === "null") {
      span.submission.stats.nulledValues++
      values[index] = null
      takeRows(values, span)
    } else reject(span, toJsonError(column))
  }

  /** Undefined if JSON cannot represent one of the values. */
  function encode(values: unknown[], span: Span): Chunk | undefined {
    const { submission, offset, rows } = span
    const isAlone = !submission.mayLinger && batcher.room().isEmpty
    try {
      const { args, bytes, body } = isAlone ? insert.encodeInBody(values, rows) : insert.encode(values, rows)
      return { submission, offset, rows, args, bytes, body }
    } catch {
      return undefined
    }
  }

  /** The more rows a chunk has, the more it counts. */
  function learn(chunk: Chunk): void {
    bytesPerRow += (insert.bytesOf(chunk) / chunk.rows - bytesPerRow) * Math.min(1, chunk.rows / 64)
  }

  function reject(span: Span, error: unknown): void {
    if (!isSinkError(error)) throw error
    settle(span, toOutcome(error))
  }

  return take
}

function toJsonError(column: Column | undefined): EventError {
  return valueError(
    "invalid_json",
    column,
    "cannot be written as JSON (a cycle, a BigInt, too deep, or toJSON throws)",
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
  const message = `The event is too large: its request has ${bytes} bytes (limit ${maxBytes}). Reduce its size.`
  return new EventError({ code: "row_too_large", message })
}
