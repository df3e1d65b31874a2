import type { Sink, SinkError } from "@singlesink/core"
import { type BrokenRecord, type InputRecord, isBroken, type ParsedEvent } from "../input/record.ts"
import { toBrokenLetter, toDeadLetter } from "./dead-letter.ts"
import type { Block, Ledger } from "./ledger.ts"

/** The records of one file, in order. */
export interface RecordSource {
  readonly path: string
  /** The index of the file. */
  readonly file: number
  readonly records: AsyncIterable<readonly InputRecord[]>
}

export interface TransferParts {
  readonly sink: Sink
  readonly ledger: Ledger
  /** Whether failed events go to the dead letters. Otherwise the first one stops the transfer. */
  readonly keepsFailed: boolean
  /** Aborts to read no more records. */
  readonly stop: AbortSignal
  /** Is called with each event that is not stored and each broken record. */
  readonly onProblem: (source: string, error: SinkError | BrokenRecord) => void
  /** Is called with the outcome of each event: `stored`, or the code of its error. */
  readonly onOutcome?: ((record: InputRecord, outcome: string) => void) | undefined
  /** Is called with an error after which no event can be stored. */
  readonly onFatal: (error: SinkError) => void
}

/** The database is away if so many events fail in a row. */
const maxConsecutiveFailures = 1_000

/** The queue may exceed its limit by so many rows. Waiting for it after each record would cost time. */
const recordsPerWait = 64

/** Writes records to a sink, as fast as it takes them. Resolves when all are passed to the sink. */
export async function transfer(sources: AsyncIterable<RecordSource>, parts: TransferParts): Promise<void> {
  const { sink, ledger, stop } = parts
  const settle = createSettle(parts)
  let sinceWait = 0

  for await (const { path, file, records } of sources) {
    for await (const part of records) {
      for (const record of part) {
        if (++sinceWait >= recordsPerWait) {
          sinceWait = 0
          await sink.ready()
        }
        if (stop.aborted) return
        const block = ledger.next(file, record.number)
        const parsed = record.parse()
        if (isBroken(parsed)) settle.broken(block, record.number, parsed, `${path}:${record.number}`)
        else {
          sink.write(parsed.event).then(
            () => settle.stored(block, record),
            error => settle.error(block, record, `${path}:${record.number}`, error),
          )
          forget(parsed.event)
        }
      }
    }
  }
}

/**
 * The sink has encoded the row, and keeps the event only to return it from close(). Without its members V8 need not copy
 * them while the request is in flight, which makes a load a tenth faster.
 */
function forget(event: Record<string, unknown>): void {
  for (const key in event) event[key] = undefined
}

/** Gives the records their outcomes. */
function createSettle({ ledger, keepsFailed, onProblem, onOutcome, onFatal }: TransferParts) {
  let consecutiveFailures = 0

  /** Whether other events may be stored although this one fails. It may be this one that a firewall blocks. */
  function mayContinue(error: SinkError): boolean {
    return (
      keepsFailed &&
      consecutiveFailures < maxConsecutiveFailures &&
      (error.name === "DeliveryError" || error.code === "request_too_large")
    )
  }

  return {
    stored(block: Block, record: InputRecord): void {
      consecutiveFailures = 0
      block.counts.stored++
      onOutcome?.(record, "stored")
      ledger.settle(block)
    },
    broken(block: Block, number: number, broken: BrokenRecord, source: string): void {
      block.counts.broken++
      block.letters.set(number, toBrokenLetter(broken, source))
      onProblem(source, broken)
      ledger.settle(block)
    },
    error(block: Block, record: InputRecord, source: string, error: SinkError): void {
      const isRejected = error.name === "EventError"
      consecutiveFailures = isRejected ? 0 : consecutiveFailures + 1
      block.counts[isRejected ? "rejected" : "failed"]++
      onProblem(source, error)
      onOutcome?.(record, error.code)
      if (isRejected || mayContinue(error)) {
        block.letters.set(record.number, toDeadLetter(record.parse() as ParsedEvent, source, error))
      } else {
        block.isBlocked = true
        onFatal(error)
      }
      ledger.settle(block)
    },
  }
}
