import {
  addToBatch,
  type Batch,
  createBatch,
  dealRows,
  type SealedBatch,
  sealBatch,
  toPending,
} from "../batch/batch.ts"
import { markInDoubt } from "../batch/submission.ts"
import { DeliveryError, EventError, type SinkError } from "../errors.ts"
import type { Observer } from "../observer.ts"
import type { ResolvedSinkOptions } from "../resolve-options.ts"
import type { Counts } from "../stats.ts"
import type { Insert } from "../table/insert.ts"
import type { InsertResult } from "../transport.ts"
import { bisect, isSuspect } from "./bisect.ts"
import type { Breaker } from "./breaker.ts"
import { sendInsert, toErrorResult, toReport } from "./insert-result.ts"
import type { FailedPiece, PieceResult } from "./piece.ts"
import type { RequestLimit } from "./request-limit.ts"
import { toDelayMs } from "./retry.ts"

export interface Sender {
  /** Sends a batch, in smaller pieces if need be, and yields the result of each piece. Every row is in one of them. */
  send(batch: SealedBatch): AsyncGenerator<PieceResult>
  /** Ends every wait before a retry, for one last attempt. */
  cancelBackoff(): void
  /** Batches whose request is in flight. */
  readonly inFlight: ReadonlySet<Batch>
}

export interface SenderParts {
  options: ResolvedSinkOptions
  insert: Insert
  breaker: Breaker
  requestLimit: RequestLimit
  stats: Counts
  observe: Observer
}

export function createSender(parts: SenderParts): Sender {
  const { options, insert, breaker, requestLimit, stats, observe } = parts
  const { transport, limits, retry, onAmbiguous, runtime } = options
  const inFlight = new Set<Batch>()
  const sleepers = new Set<() => void>()
  let isBackoffCancelled = false

  /** Whether an error forbids to send rows again, because that could double them. */
  const isUnclear = (error: SinkError) => error.ambiguous && onAmbiguous === "fail"

  const mayBisect = (piece: PieceResult): piece is FailedPiece =>
    isSuspect(piece) && !isUnclear(piece.result.error)

  async function* send(batch: SealedBatch): AsyncGenerator<PieceResult> {
    const startedAt = runtime.now()
    for await (const piece of deliver(batch, startedAt)) {
      if (!mayBisect(piece) || piece.batch.rows === 1) yield piece
      else
        yield* bisect(piece, {
          mode: options.bisect,
          isSuspect: mayBisect,
          split: ({ batch, result }, parts) => {
            noteSplit(batch, result.error.code)
            return dealRows(batch, parts, insert)
          },
          send: part => deliver(part, startedAt, true),
          onSystemic: breaker.open,
          isOverdue: () => retry !== false && runtime.now() - startedAt > retry.maxElapsedMs,
        })
    }
  }

  /** Sends rows until they are stored or fail, and splits them only if they are too large. */
  async function* deliver(
    given: SealedBatch,
    startedAt: number,
    isProbe = false,
  ): AsyncGenerator<PieceResult> {
    for (let attempt = 1; ; attempt++) {
      const expired = takeExpired(given)
      if (expired !== undefined) yield expired
      const pending = toPending(given, insert)
      if (pending === undefined) return
      const batch = sealBatch(pending, insert)
      const blocked = breaker.check()
      const result = blocked === undefined ? await request(batch, attempt) : toErrorResult(blocked)
      const isTooMuch = requestLimit.note(batch.bytes, result.status === "error" && result.error.ambiguous)
      if (result.status === "inserted") {
        requestLimit.accept(batch.bytes)
        yield { batch, result: { status: "inserted", duplicates: batch.rows - result.rowsAffected } }
        return
      }
      if (result.status === "too_large") {
        yield* deliverHalves(batch, result, startedAt, isProbe)
        return
      }
      const { error } = result
      // Sent in halves it is stored once all the same, because the id is the key.
      if (isTooMuch && insert.idempotent && batch.rows > 1) {
        yield* deliverParts(batch, error.code, startedAt, isProbe)
        return
      }
      // The whole batch was retried before, so what the piece meets again is about its rows.
      const isFinal = error.name !== "DeliveryError" || (isProbe && error.code === "not_from_database")
      const delayMs = isFinal ? undefined : toRetryDelayMs(error, attempt, startedAt)
      if (delayMs === undefined) {
        yield { batch, result }
        return
      }
      observe?.({ type: "retry", attempt, delayMs, code: error.code })
      await sleep(delayMs)
    }
  }

  async function* deliverHalves(
    batch: SealedBatch,
    { error }: Extract<InsertResult, { status: "too_large" }>,
    startedAt: number,
    isProbe: boolean,
  ): AsyncGenerator<PieceResult> {
    if (batch.rows === 1) {
      const message = `The event is too large: the server does not accept ${batch.bytes} bytes. Reduce its size.`
      yield { batch, result: toErrorResult(error ?? new EventError({ code: "row_too_large", message })) }
      return
    }
    requestLimit.reduce(batch.bytes)
    yield* deliverParts(batch, "too_large", startedAt, isProbe)
  }

  async function* deliverParts(
    batch: SealedBatch,
    code: SinkError["code"] | "too_large",
    startedAt: number,
    isProbe: boolean,
  ): AsyncGenerator<PieceResult> {
    noteSplit(batch, code)
    for (const half of dealRows(batch, 2, insert)) yield* deliver(half, startedAt, isProbe)
  }

  function noteSplit({ rows, bytes }: Batch, code: SinkError["code"] | "too_large"): void {
    stats.splits++
    observe?.({ type: "split", rows, bytes, code })
  }

  /** Rows that are older than `deliveryTimeoutMs`. They fail without a request. */
  function takeExpired({ chunks }: Batch): PieceResult | undefined {
    const { deliveryTimeoutMs } = limits
    if (deliveryTimeoutMs === Number.POSITIVE_INFINITY) return undefined
    const earliest = runtime.now() - deliveryTimeoutMs
    const batch = createBatch(insert)
    for (const chunk of chunks) if (chunk.submission.startedAt < earliest) addToBatch(batch, chunk, insert)
    if (batch.rows === 0) return undefined
    const message = `The event was not stored within ${deliveryTimeoutMs} ms. Send it again.`
    return { batch, result: toErrorResult(new DeliveryError({ code: "deadline_exceeded", message })) }
  }

  async function request(batch: SealedBatch, attempt: number): Promise<InsertResult> {
    const { body, bytes, rows } = batch
    stats.requests++
    if (attempt > 1) stats.retries++
    stats.rows += rows
    stats.bytes += bytes
    inFlight.add(batch)
    const startedAt = runtime.now()
    const result = await sendInsert(transport, { body, bytes, rows, idempotent: insert.idempotent })
    inFlight.delete(batch)
    const error = result.status === "error" ? result.error : undefined
    const milliseconds = runtime.now() - startedAt
    observe?.({ type: "request", attempt, rows, bytes, milliseconds, ...toReport(result, rows) })
    breaker.record(error)
    if (error?.ambiguous === true && error.name !== "EventError") {
      stats.ambiguous++
      for (const chunk of batch.chunks) markInDoubt(chunk, error)
    }
    return result
  }

  function toRetryDelayMs(error: DeliveryError, attempt: number, startedAt: number): number | undefined {
    if (retry === false || runtime.sleep === undefined || isBackoffCancelled) return undefined
    if (isUnclear(error)) return undefined
    return toDelayMs(retry, { attempt, elapsedMs: runtime.now() - startedAt, error }, runtime)
  }

  function sleep(delayMs: number): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        cancel?.()
        sleepers.delete(wake)
        resolve()
      }
      const cancel = runtime.sleep?.(delayMs, wake)
      sleepers.add(wake)
    })
  }

  return {
    send,
    cancelBackoff() {
      isBackoffCancelled = true
      for (const wake of [...sleepers]) wake()
    },
    inFlight,
  }
}
