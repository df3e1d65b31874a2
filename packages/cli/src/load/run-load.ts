import { type Contract, createSink, type SinkError, type Transport } from "@singlesink/core"
import {
  type DeadLetterFile,
  DeadLetterFileError,
  openDeadLetterFile,
} from "@singlesink/receiver/dead-letters"
import type { Context } from "../context.ts"
import { CommandError, type ExitCode, exitCodes } from "../exit.ts"
import { type InputFile, stdinPath } from "../input/files.ts"
import type { InputRecord } from "../input/record.ts"
import { createBar } from "./bar.ts"
import { type Checkpoint, type Job, removeCheckpoint, writeCheckpoint } from "./checkpoint.ts"
import { createJournal } from "./journal.ts"
import { type Counts, createLedger, noCounts } from "./ledger.ts"
import { createProblems } from "./problems.ts"
import { printSummary } from "./summary.ts"
import { type RecordSource, type TransferParts, transfer } from "./transfer.ts"

/** What is loaded, and how. */
export interface Plan {
  readonly files: readonly InputFile[]
  /** Reads the records of a file after the first `skip`. `onRead` receives the bytes read from the disk. */
  readonly read: (
    file: InputFile,
    skip: number,
    onRead: (bytes: number) => void,
  ) => AsyncIterable<readonly InputRecord[]>
  readonly transport: Transport
  readonly contract?: Contract | undefined
  readonly onViolation?: "reject" | "observe" | undefined
  readonly isDryRun?: boolean | undefined
  /** The file of the dead letters. */
  readonly deadLetters?: string | undefined
  /** Where checkpoints are written, and the one to continue from. */
  readonly checkpoint?: { path: string; job: Job; before: Checkpoint | undefined } | undefined
  readonly onOutcome?: TransferParts["onOutcome"]
  /** More members of the JSON result. */
  readonly details?: (() => Record<string, unknown>) | undefined
}

/** How long what is in flight may take after Ctrl+C or an error. */
const stopDeadlineMs = 60_000

/**
 * Full requests, however fast the server answers. Fewer rows wait than by default: each waits with its event, and the files
 * can wait on the disk.
 */
const limits = { maxQueuedRows: 4_000, lingerMs: 1_000, lingerWhenIdle: true }

/**
 * Loads the records of files, and prints what became of them.
 *
 * @throws SinkError after which nothing can be stored; CommandError if a checkpoint or a dead letter cannot be written
 */
export async function runLoad({ settings, output, terminal }: Context, plan: Plan): Promise<ExitCode> {
  const { files, checkpoint, isDryRun = false } = plan
  const { table, columns, deduplicate, database } = settings
  const before = checkpoint?.before
  const start = {
    position: before?.position ?? { file: 0, record: 0 },
    counts: before?.counts ?? noCounts(),
    duplicates: before?.duplicates ?? 0,
  }
  const deadLetters = await openLetters(plan)
  const { transport, contract: validate, onViolation } = plan
  const sink = createSink({ transport, table, columns, deduplicate, limits, validate, onViolation })

  const stop = createStop()
  // Waiting batches get one last attempt, and a read from stdin ends.
  stop.signal.addEventListener("abort", () => {
    void sink.close({ deadlineMs: stopDeadlineMs })
    if (files.some(({ path }) => path === stdinPath)) terminal.stdin.destroy()
  })

  const ledger = createLedger(start.counts, () => journal.write())
  const countDuplicates = () => start.duplicates + sink.stats().duplicates
  const journal = createJournal({
    ledger,
    deadLetters,
    start,
    async save(position, counts) {
      if (checkpoint === undefined) return
      const { path, job } = checkpoint
      const letters = deadLetters && { path: deadLetters.path, bytes: deadLetters.bytes }
      const duplicates = countDuplicates()
      await writeCheckpoint(path, { version: 1, job, position, counts, duplicates, deadLetters: letters })
    },
    onError: error => stop.withError(toCommandError(error)),
  })

  let bytesRead = 0
  const startedAt = performance.now()
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0)
  const bar = createBar(output, terminal, totalBytes, () => ({ counts: ledger.counts(), bytesRead }))
  const problems = createProblems(output, bar.print)
  const ignoreInterrupts = terminal.onInterrupt(() => {
    bar.print("Stopping when what is in flight is stored. Press Ctrl+C again to stop at once.")
    stop.byUser()
  })

  async function* sources(): AsyncGenerator<RecordSource> {
    for (const [index, file] of files.entries()) {
      if (index < start.position.file) continue
      const skip = index === start.position.file ? start.position.record : 0
      const records = plan.read(file, skip, bytes => {
        bytesRead += bytes
      })
      yield { path: file.path, file: index, records }
    }
  }

  try {
    await journal.begin()
    await transfer(sources(), {
      sink,
      ledger,
      keepsFailed: deadLetters !== undefined,
      stop: stop.signal,
      onProblem: problems.add,
      onOutcome: plan.onOutcome,
      onFatal: stop.withError,
    })
    ledger.end()
    await sink.flush()
    await journal.end()
  } finally {
    await sink.close({ deadlineMs: stopDeadlineMs })
    ignoreInterrupts()
    bar.stop()
    await deadLetters?.close()
  }

  const isComplete = !stop.signal.aborted
  if (isComplete && checkpoint !== undefined) removeCheckpoint(checkpoint.path)
  const counts = ledger.counts()
  const { violations } = sink.stats()
  printSummary(output, {
    counts,
    duplicates: countDuplicates(),
    violations,
    problems: problems.list(),
    seconds: (performance.now() - startedAt) / 1_000,
    bytesRead,
    table: `${database}.${table}`,
    isDryRun,
    deadLetters: deadLetters !== undefined && deadLetters.bytes > 0 ? deadLetters.path : undefined,
    checkpoint: isComplete ? undefined : checkpoint?.path,
    error: stop.error as Error | undefined,
    details: plan.details?.(),
  })
  if (!isComplete && checkpoint !== undefined) {
    output.note(`Run the same command with --resume to continue from ${checkpoint.path}.`)
  }
  if (stop.error !== undefined) throw stop.error
  return isComplete ? toExitCode(counts) : exitCodes.interrupted
}

/** Ends the reading, for the first of several reasons. */
function createStop() {
  const controller = new AbortController()
  let error: unknown
  return {
    signal: controller.signal,
    get error() {
      return error
    },
    byUser: () => controller.abort(),
    withError(reason: SinkError | unknown) {
      error ??= reason
      controller.abort()
    },
  }
}

function toExitCode({ read, stored }: Counts): ExitCode {
  return stored === read ? exitCodes.ok : exitCodes.incomplete
}

/** A load that continues also continues its dead letters. */
async function openLetters({ deadLetters, checkpoint }: Plan): Promise<DeadLetterFile | undefined> {
  const before = checkpoint?.before?.deadLetters
  const path = deadLetters ?? before?.path
  if (path === undefined) return undefined
  return openDeadLetterFile(path, before?.path === path ? before.bytes : undefined).catch(error => {
    throw new CommandError(`${(error as Error).message} Set --dead-letters to a file that can be written.`)
  })
}

function toCommandError(error: unknown): unknown {
  if (!(error instanceof DeadLetterFileError)) return error
  const message = `${error.message} Nothing is lost: the records after the checkpoint are read again.`
  return new CommandError(message, exitCodes.incomplete)
}
