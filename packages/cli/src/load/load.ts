import { type Contract, createSink, type SinkError, type Transport } from "@singlesink/core"
import type { Context } from "../context.ts"
import { withDatabase } from "../database.ts"
import { CommandError, type ExitCode, exitCodes } from "../exit.ts"
import { findFiles, type InputFile, stdinPath } from "../input/files.ts"
import { type InputFormat, readRecords } from "../input/records.ts"
import { createBar } from "./bar.ts"
import {
  type Checkpoint,
  type Job,
  readCheckpoint,
  removeCheckpoint,
  toCheckpointPath,
  toJob,
  writeCheckpoint,
} from "./checkpoint.ts"
import { readContract } from "./contract.ts"
import { type DeadLetterFile, openDeadLetterFile } from "./dead-letter-file.ts"
import { createJournal } from "./journal.ts"
import { createLedger, noCounts } from "./ledger.ts"
import { readMapping } from "./mapping.ts"
import { createProblems } from "./problems.ts"
import { printSummary } from "./summary.ts"
import { type RecordSource, transfer } from "./transfer.ts"

/** The flags of `load`. */
export interface LoadFlags {
  readonly format?: InputFormat
  readonly map?: readonly string[]
  readonly dryRun?: boolean
  readonly schema?: string
  readonly onViolation?: "reject" | "observe"
  readonly deadLetters?: string
  readonly resume?: boolean
  readonly checkpoint?: string
  readonly passwordStdin?: boolean
}

/** Loads files into the table. */
export async function load(context: Context, paths: readonly string[], flags: LoadFlags): Promise<ExitCode> {
  const { settings, output } = context
  const files = findFiles(paths)
  if (flags.passwordStdin === true && paths.includes(stdinPath)) {
    throw new CommandError("--password-stdin and the file - both read stdin. Use --password-file.")
  }
  const job = toJob(files, settings)
  const plan = {
    files,
    job,
    contract: flags.schema === undefined ? undefined : readContract(flags.schema),
    checkpointPath: flags.checkpoint ?? toCheckpointPath(job),
  }
  if (flags.dryRun === true)
    return runLoad(context, plan, flags, dryRunTransport(settings.database), undefined)

  const checkpoint = readCheckpoint(plan.checkpointPath, job)
  if (checkpoint !== undefined && flags.resume !== true) {
    throw new CommandError(
      `An earlier load of these files was interrupted, and its checkpoint is ${plan.checkpointPath}. Continue it with --resume, or remove the file to start again.`,
    )
  }
  if (checkpoint === undefined && flags.resume === true) {
    output.note("There is no checkpoint of these files, so the load starts at the beginning.")
  }
  return withDatabase(settings, ({ api }) => runLoad(context, plan, flags, api, checkpoint))
}

/** Accepts every insert. */
const dryRunTransport = (database: string): Transport => ({
  database,
  send: ({ rows }) => Promise.resolve({ status: "inserted", rowsAffected: rows }),
})

interface Plan {
  readonly files: readonly InputFile[]
  readonly job: Job
  readonly contract: Contract | undefined
  readonly checkpointPath: string
}

/** How long what is in flight may take after Ctrl+C or an error. */
const stopDeadlineMs = 60_000

async function runLoad(
  { settings, output, terminal }: Context,
  { files, job, contract, checkpointPath }: Plan,
  flags: LoadFlags,
  transport: Transport,
  checkpoint: Checkpoint | undefined,
): Promise<ExitCode> {
  const { table, columns, deduplicate, database } = settings
  const isDryRun = flags.dryRun === true
  const start = {
    position: checkpoint?.position ?? { file: 0, record: 0 },
    counts: checkpoint?.counts ?? noCounts(),
    duplicates: checkpoint?.duplicates ?? 0,
  }
  const deadLetters = await openLetters(flags, checkpoint)
  const sink = createSink({
    transport,
    table,
    columns,
    deduplicate,
    limits,
    validate: contract,
    onViolation: flags.onViolation,
  })

  const stop = new AbortController()
  let fatal: SinkError | undefined
  let journalError: unknown
  const stopWith = (note: () => void) => {
    note()
    stop.abort()
  }
  // Waiting batches get one last attempt, and a read from stdin ends.
  stop.signal.addEventListener("abort", () => {
    void sink.close({ deadlineMs: stopDeadlineMs })
    if (files.some(({ path }) => path === stdinPath)) terminal.stdin.destroy()
  })

  const ledger = createLedger(start.counts, () => journal.write())
  const journal = createJournal({
    ledger,
    deadLetters,
    start,
    async save(position, counts) {
      if (isDryRun) return
      const duplicates = start.duplicates + sink.stats().duplicates
      const letters = deadLetters && { path: deadLetters.path, bytes: deadLetters.bytes }
      await writeCheckpoint(checkpointPath, {
        version: 1,
        job,
        position,
        counts,
        duplicates,
        deadLetters: letters,
      })
    },
    onError: error => stopWith(() => (journalError = error)),
  })

  let bytesRead = 0
  const startedAt = performance.now()
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0)
  const bar = createBar(output, terminal, totalBytes, () => ({ counts: ledger.counts(), bytesRead }))
  const problems = createProblems(output, bar.print)
  let interrupted = false
  const ignoreInterrupts = terminal.onInterrupt(() =>
    stopWith(() => {
      interrupted = true
      bar.print("Stopping when what is in flight is stored. Press Ctrl+C again to stop at once.")
    }),
  )

  async function* sources(): AsyncGenerator<RecordSource> {
    const input = {
      format: flags.format,
      mapping: readMapping(flags.map),
      stdin: terminal.stdin,
      onRead: (bytes: number) => {
        bytesRead += bytes
      },
    }
    for (const [file, inputFile] of files.entries()) {
      if (file < start.position.file) continue
      const skip = file === start.position.file ? start.position.record : 0
      yield { path: inputFile.path, file, records: readRecords(inputFile, input, skip) }
    }
  }

  try {
    await transfer(sources(), {
      sink,
      ledger,
      keepsFailed: deadLetters !== undefined,
      stop: stop.signal,
      onProblem: (source, error) => problems.add(source, error),
      onFatal: error => stopWith(() => (fatal ??= error)),
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

  const counts = ledger.counts()
  const isComplete = !stop.signal.aborted
  if (isComplete && !isDryRun) removeCheckpoint(checkpointPath)
  const stats = sink.stats()
  printSummary(output, {
    counts,
    duplicates: start.duplicates + stats.duplicates,
    violations: stats.violations,
    problems: problems.list(),
    seconds: (performance.now() - startedAt) / 1_000,
    bytesRead,
    table: `${database}.${table}`,
    isDryRun,
    deadLetters: deadLetters !== undefined && deadLetters.bytes > 0 ? deadLetters.path : undefined,
    checkpoint: isComplete || isDryRun ? undefined : checkpointPath,
  })
  if (journalError !== undefined) throw journalError
  if (!isComplete && !isDryRun)
    output.note(`Run the same command with --resume to continue from ${checkpointPath}.`)
  if (interrupted) return exitCodes.interrupted
  if (fatal !== undefined) throw fatal
  return counts.stored === counts.read ? exitCodes.ok : exitCodes.incomplete
}

/**
 * Full requests, however fast the server answers. Fewer rows wait than by default: each waits with its event, and the files
 * can wait on the disk.
 */
const limits = { maxQueuedRows: 4_000, lingerMs: 1_000, lingerWhenIdle: true }

async function openLetters(
  flags: LoadFlags,
  checkpoint: Checkpoint | undefined,
): Promise<DeadLetterFile | undefined> {
  const before = checkpoint?.deadLetters
  const path = flags.deadLetters ?? before?.path
  if (path === undefined) return undefined
  return openDeadLetterFile(path, before?.path === path ? before.bytes : undefined)
}
