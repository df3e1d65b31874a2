import type { Batch, SealedBatch } from "../batch/batch.ts"
import { ConfigError, DeliveryError, type SinkError } from "../errors.ts"
import type { FailedPiece, PieceResult } from "./piece.ts"

/** How the bad rows of a rejected batch are found: see SinkOptions. */
type BisectMode = "sequential" | "parallel"

export interface BisectParts {
  mode: BisectMode
  /** Whether rows of a piece may be the cause of its error, and may be sent again. */
  isSuspect(piece: PieceResult): piece is FailedPiece
  /** Deals the rows of a piece to so many pieces, or one for each row. */
  split(piece: FailedPiece, parts: number): SealedBatch[]
  send(batch: SealedBatch): AsyncGenerator<PieceResult>
  /** Whether the time that the batch may take is over. */
  isOverdue(): boolean
  /** Is called if the database is out of reach for most rows. */
  onSystemic(error: DeliveryError): void
}

/** The most requests that the parallel mode sends at once. */
const parallelRequests = 64

/** With fewer rows than this, the rows are to blame even if most of them are bad. */
const minSystemicRows = 8

/** Whether single rows may be the cause: a known data error, or an error that nothing is known about. */
export function isSuspect(piece: PieceResult): piece is FailedPiece {
  if (piece.result.status !== "error") return false
  const { name, code } = piece.result.error
  // The size of a row is its own: it says nothing about the other rows.
  if (code === "unexpected_response" || code === "not_from_database") return true
  return name === "EventError" && code !== "row_too_large"
}

/**
 * Finds the bad rows of a piece of several rows and stores the others on the way. A rejected insert stores nothing, so
 * its rows can be sent again in smaller pieces until each bad row is proven alone. Every bad row costs a number of
 * requests that grows with the logarithm of the batch. The rows of a piece are shuffled before they are dealt to its
 * parts, so that the first rows proven are a sample of the whole batch: if most of them are bad, the table is to blame
 * and the search ends.
 */
export async function* bisect(whole: FailedPiece, parts: BisectParts): AsyncGenerator<PieceResult> {
  const suspects = [whole]
  const bad: FailedPiece[] = []
  let good = 0

  while (suspects.length > 0 && !isSystemic(bad.length, bad.length + good) && !parts.isOverdue()) {
    const probe =
      parts.mode === "parallel"
        ? probeParts(suspects.splice(-parallelRequests / 2), parts)
        : probeHalves(suspects.pop() as FailedPiece, parts)
    for await (const piece of probe) {
      if (piece.result.status === "inserted") good += piece.batch.rows
      if (!parts.isSuspect(piece)) yield piece
      else if (piece.batch.rows > 1) suspects.push(piece)
      else bad.push(piece)
    }
  }

  // A rejection is final, so none is given before it is known that the table is not to blame.
  const { rows } = whole.batch
  if (isSystemic(bad.length, bad.length + good) || (rows >= minSystemicRows && bad.length > rows / 2)) {
    const cause = whole.result.error
    const error = toBatchError(cause, bad.length, bad.length + good)
    if (cause.name === "DeliveryError") parts.onSystemic(cause)
    for (const { batch } of [...bad, ...suspects]) yield { batch, result: { status: "error", error } }
    return
  }
  yield* bad
  for (const { batch, result } of suspects)
    yield { batch, result: { ...result, error: toUndecidedError(result.error, batch) } }
}

/** Whether more rows are bad than an even chance would explain, by three standard deviations. */
function isSystemic(bad: number, decided: number): boolean {
  return bad >= minSystemicRows && bad > decided / 2 + 1.5 * Math.sqrt(decided)
}

async function* probeHalves(piece: FailedPiece, { split, send }: BisectParts): AsyncGenerator<PieceResult> {
  const [left, right] = split(piece, 2) as [SealedBatch, SealedBatch]
  let stored = 0
  for await (const part of send(left)) {
    if (part.result.status === "inserted") stored += part.batch.rows
    yield part
  }
  // If the left half is stored, the bad row is in the right half, and a request with all of it would say nothing new.
  const isKnownBad = stored === left.rows && piece.result.error.name === "EventError"
  if (isKnownBad && right.rows > 1) yield { batch: right, result: piece.result }
  else yield* send(right)
}

async function* probeParts(pieces: FailedPiece[], { split, send }: BisectParts): AsyncGenerator<PieceResult> {
  const partsOfEach = Math.floor(parallelRequests / pieces.length)
  yield* merge(pieces.flatMap(piece => split(piece, partsOfEach)).map(send))
}

/** What several generators yield, as it comes. */
async function* merge<Value>(generators: readonly AsyncGenerator<Value>[]): AsyncGenerator<Value> {
  const advance = async (generator: AsyncGenerator<Value>) => ({ generator, next: await generator.next() })
  const running = new Map(generators.map(generator => [generator, advance(generator)]))
  while (running.size > 0) {
    const { generator, next } = await Promise.race(running.values())
    if (next.done === true) running.delete(generator)
    else {
      // In this order: a generator continues only after its last value is handled.
      yield next.value
      running.set(generator, advance(generator))
    }
  }
}

function toBatchError(cause: SinkError, bad: number, decided: number): ConfigError | DeliveryError {
  if (cause.name !== "EventError") return cause
  const message = `The database rejected ${bad} of ${decided} rows. Compare the table's columns with the sink's. ${cause.message}`
  return new ConfigError({ ...cause, code: "batch_rejected", message })
}

function toUndecidedError(cause: SinkError, { rows }: Batch): ConfigError | DeliveryError {
  if (cause.name !== "EventError") return cause
  const message = `No time was left to find the bad rows of ${rows}. Send the event again.`
  return new DeliveryError({ ...cause, code: "deadline_exceeded", message })
}
