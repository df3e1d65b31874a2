import { setFlagsFromString } from "node:v8"
import type { Transport } from "@singlesink/core"
import { requireFit } from "../check/fit.ts"
import type { Context } from "../context.ts"
import { withDatabase } from "../database.ts"
import { CommandError, type ExitCode } from "../exit.ts"
import { findFiles, stdinPath } from "../input/files.ts"
import { type InputFormat, readRecords } from "../input/records.ts"
import { readCheckpoint, toCheckpointPath, toJob } from "./checkpoint.ts"
import { readContract } from "./contract.ts"
import { readMapping } from "./mapping.ts"
import { type Plan, runLoad } from "./run-load.ts"

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
  limitHeap()
  const { settings, terminal } = context
  const files = findFiles(paths)
  if (flags.passwordStdin === true && paths.includes(stdinPath)) {
    throw new CommandError("--password-stdin and the file - both read stdin. Use --password-file.")
  }
  const { format, onViolation, deadLetters } = flags
  const input = { format, mapping: readMapping(flags.map), stdin: terminal.stdin }
  const plan = {
    files,
    read: (file, skip, onRead) => readRecords(file, { ...input, onRead }, skip),
    contract: flags.schema === undefined ? undefined : await readContract(flags.schema),
    onViolation,
    deadLetters,
  } satisfies Partial<Plan>
  if (flags.dryRun === true) {
    return runLoad(context, { ...plan, transport: createDryRun(settings.database), isDryRun: true })
  }
  const job = toJob(files, settings)
  const path = flags.checkpoint ?? toCheckpointPath(job)
  const before = readCheckpoint(path, job)
  checkResume(context, path, before !== undefined, flags.resume === true)
  return withDatabase(settings, async database => {
    await requireFit(database, context)
    return runLoad(context, { ...plan, transport: database.api, checkpoint: { path, job, before } })
  })
}

function checkResume({ output }: Context, path: string, hasCheckpoint: boolean, isResuming: boolean): void {
  if (hasCheckpoint && !isResuming) {
    throw new CommandError(
      `An earlier load of these files was interrupted, and its checkpoint is ${path}. Continue it with --resume, or remove the file to start again.`,
    )
  }
  if (!hasCheckpoint && isResuming) {
    output.note("There is no checkpoint of these files, so the load starts at the beginning.")
  }
}

/** A transport that sends nothing. */
const createDryRun = (database: string): Transport => ({
  database,
  send: ({ rows }) => Promise.resolve({ status: "inserted", rowsAffected: rows }),
})

/** V8 would let the heap grow to four times of what is in use, which takes memory and saves little time. */
function limitHeap(): void {
  setFlagsFromString("--heap-growing-percent=120")
}
