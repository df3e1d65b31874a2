import { isSinkError, type Sink, type SinkError } from "@singlesink/core"
import type { BrokenRecord, EventRecord, InputRecord } from "../input/record.ts"
import { isBroken } from "../input/record.ts"
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
  readonly onProblem: (
    source: string,
    error: SinkError | BrokenRecord,
    record: EventRecord | undefined,
  ) => void
  readonly onStored?: (record: EventRecord) => void
  /** Is called with an error after which no event can be stored. */
  readonly onFatal: (error: SinkError) => void
}

/** The database is away if so many events fail in a row. */
const maxConsecutiveFailures = 1_000

/** Writes records to a sink, as fast as it takes them, and settles each in the ledger. Resolves when all are passed to the sink. */
export async function transfer(sources: AsyncIterable<RecordSource>, parts: TransferParts): Promise<void> {
  const { sink, ledger, keepsFailed, stop, onProblem, onFatal, onStored } = parts
  let consecutiveFailures = 0

  function takeBroken(record: BrokenRecord, source: string, block: Block): void {
    block.counts.broken++
    block.letters.push(toBrokenLetter(record, source))
    onProblem(source, record, undefined)
    ledger.settle(block)
  }

  function settleStored(block: Block, record: EventRecord): void {
    consecutiveFailures = 0
    block.counts.stored++
    onStored?.(record)
    ledger.settle(block)
  }

  function settleError(block: Block, record: EventRecord, source: string, error: unknown): void {
    if (!isSinkError(error)) throw error
    if (error.name === "EventError") {
      consecutiveFailures = 0
      block.counts.rejected++
      block.letters.push(toDeadLetter(record, source, error))
    } else {
      block.counts.failed++
      consecutiveFailures++
      const isKept = keepsFailed && isAboutEvent(error) && consecutiveFailures < maxConsecutiveFailures
      if (isKept) block.letters.push(toDeadLetter(record, source, error))
      else {
        block.isBlocked = true
        onFatal(error)
      }
    }
    onProblem(source, error, record)
    ledger.settle(block)
  }

  for await (const { path, file, records } of sources) {
    for await (const part of records) {
      for (const record of part) {
        await sink.ready()
        if (stop.aborted) return
        const block = ledger.next({ file, record: record.number })
        if (isBroken(record)) takeBroken(record, `${path}:${record.number}`, block)
        else {
          sink.write(record.event).then(
            () => settleStored(block, record),
            error => settleError(block, record, `${path}:${record.number}`, error),
          )
        }
      }
    }
    if (stop.aborted) return
  }
}

/** Whether other events can be stored although this one fails: it may be this one that a firewall blocks. */
function isAboutEvent(error: SinkError): boolean {
  return error.name === "DeliveryError" || error.code === "request_too_large"
}
