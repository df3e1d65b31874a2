import { resolve } from "node:path"
import { z } from "zod"
import { requireFit } from "../check/fit.ts"
import type { Context } from "../context.ts"
import { withDatabase } from "../database.ts"
import { CommandError, type ExitCode } from "../exit.ts"
import { findFiles, type InputFile } from "../input/files.ts"
import { type InputRecord, isBroken, type ParsedRecord } from "../input/record.ts"
import { readRecords } from "../input/records.ts"
import { runLoad } from "../load/run-load.ts"
import { createChanges } from "./changes.ts"

/** The flags of `replay`. */
export interface ReplayFlags {
  readonly deadLetters?: string
}

/** Sends the events of dead-letter files again, and prints what changed. */
export async function replay(
  context: Context,
  paths: readonly string[],
  flags: ReplayFlags,
): Promise<ExitCode> {
  const { settings, terminal, output } = context
  const files = findFiles(paths)
  const { deadLetters } = flags
  if (deadLetters !== undefined && files.some(({ path }) => resolve(path) === resolve(deadLetters))) {
    throw new CommandError(`--dead-letters must be another file than ${deadLetters}, which is read.`)
  }
  const changes = createChanges()

  async function* read(file: InputFile, skip: number, onRead: (bytes: number) => void) {
    const options = { format: "ndjson", mapping: new Map(), stdin: terminal.stdin, onRead } as const
    for await (const records of readRecords(file, options, skip)) yield records.map(toEventRecord)
  }

  const code = await withDatabase(settings, async database => {
    await requireFit(database, context)
    return runLoad(context, {
      files,
      read,
      transport: database.api,
      deadLetters,
      details: () => ({ changes: changes.list() }),
      onOutcome(record, outcome) {
        const parsed = record.parse()
        if (!isBroken(parsed)) changes.add(parsed.previousCode ?? "unknown", outcome)
      },
    })
  })
  changes.print(output)
  return code
}

const letter = z.object({
  event: z.record(z.string(), z.unknown()),
  code: z.string().optional(),
  attempts: z.number().int().min(0).optional(),
})

/** A record of a dead-letter file becomes the record of its event. */
function toEventRecord({ number, parse }: InputRecord): InputRecord {
  return { number, parse: () => toEvent(parse()) }
}

function toEvent(parsed: ParsedRecord): ParsedRecord {
  if (isBroken(parsed)) return parsed
  const result = letter.safeParse(parsed.event)
  if (!result.success) {
    const reason =
      "The line is not a dead letter with an event. Correct its `text`, and load that with `singlesink load`."
    return { code: "broken_record", reason, text: JSON.stringify(parsed.event) }
  }
  const { event, code, attempts } = result.data
  return { event, attempts, previousCode: code }
}
