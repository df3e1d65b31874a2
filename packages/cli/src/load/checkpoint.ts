import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, rmSync } from "node:fs"
import { open, rename } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import { z } from "zod"
import { CommandError, exitCodes } from "../exit.ts"
import type { InputFile } from "../input/files.ts"

const count = z.number().int().min(0)

const schema = z.object({
  version: z.literal(1),
  /** What is loaded, and where to. */
  job: z.object({
    database: z.string(),
    table: z.string(),
    files: z.array(z.object({ path: z.string(), size: count })),
  }),
  position: z.object({ file: count, record: count }),
  counts: z.object({ read: count, stored: count, rejected: count, failed: count, broken: count }),
  duplicates: count,
  deadLetters: z.object({ path: z.string(), bytes: count }).optional(),
})

/** Where an interrupted load continues. */
export type Checkpoint = z.infer<typeof schema>
export type Job = Checkpoint["job"]

/** A name that belongs to the job, so that another load does not find this one's checkpoint. */
export function toCheckpointPath({ database, table, files }: Job): string {
  const id = JSON.stringify([database, table, files.map(({ path }) => resolve(path))])
  return `singlesink-${createHash("sha256").update(id).digest("hex").slice(0, 10)}.checkpoint`
}

export function toJob(files: readonly InputFile[], { database, table }: Omit<Job, "files">): Job {
  return { database, table, files: files.map(({ path, size }) => ({ path, size })) }
}

/**
 * Reads the checkpoint of a job; undefined if there is none.
 *
 * @throws CommandError if it is not a checkpoint, or belongs to other files or to another table
 */
export function readCheckpoint(path: string, job: Job): Checkpoint | undefined {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "ENOENT") return undefined
    throw new CommandError(`The checkpoint ${path} cannot be read (${code}).`)
  }
  const checkpoint = parse(text)
  if (checkpoint === undefined)
    throw new CommandError(`The file ${path} is not a checkpoint. Remove it to start again.`)
  const changed = findChange(checkpoint.job, job)
  if (changed !== undefined) {
    throw new CommandError(
      `The checkpoint ${path} belongs to another load: ${changed}. Remove it to start again.`,
    )
  }
  return checkpoint
}

function parse(text: string): Checkpoint | undefined {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function findChange(before: Job, now: Job): string | undefined {
  if (before.database !== now.database || before.table !== now.table) {
    return `it loads into ${before.database}.${before.table}`
  }
  if (before.files.length !== now.files.length) return "the files are not the same"
  const changed = before.files.find((file, index) => {
    const same = now.files[index]
    return resolve(file.path) !== resolve(same?.path ?? "") || file.size !== same?.size
  })
  return changed === undefined ? undefined : `the file ${changed.path} has changed`
}

/** Writes the checkpoint so that the file is always whole. @throws CommandError if it cannot be written */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const temporary = `${path}.new`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const handle = await open(temporary, "w", 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(checkpoint)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === "ENOSPC" ? "the disk is full" : String(code)
    throw new CommandError(
      `The checkpoint ${path} cannot be written: ${reason}. The load has stopped. What is stored stays stored, and loading it again is safe with a unique key.`,
      exitCodes.incomplete,
    )
  }
}

export function removeCheckpoint(path: string): void {
  rmSync(path, { force: true })
  rmSync(`${path}.new`, { force: true })
}
