import { open } from "node:fs/promises"
import type { DeadLetter } from "./dead-letter.ts"

/** A file that dead letters are appended to. */
export interface DeadLetterFile {
  readonly path: string
  /** The bytes written and synchronised to the disk. */
  readonly bytes: number
  /**
   * Resolves when the letters are on the disk. Letters of concurrent calls are written together.
   *
   * @throws DeadLetterFileError if the file cannot be written, such as on a full disk
   */
  append(letters: readonly DeadLetter[]): Promise<void>
  close(): Promise<void>
}

/**
 * A file of dead letters that cannot be opened or written.
 *
 * @example
 * if (error instanceof DeadLetterFileError) console.error(error.message)
 */
export class DeadLetterFileError extends Error {
  override name = "DeadLetterFileError"
}

/**
 * Opens a file for dead letters. New letters follow those that are in it.
 *
 * @param keepBytes what is kept of the file: a load that continues writes the rest again. @default all
 * @throws DeadLetterFileError if the file cannot be opened
 * @example
 * const file = await openDeadLetterFile("dead-letters.ndjson")
 * await file.append([letter])
 */
export async function openDeadLetterFile(path: string, keepBytes?: number): Promise<DeadLetterFile> {
  // Events may hold personal data, so only the owner can read them.
  const handle = await open(path, "a", 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new DeadLetterFileError(`The dead-letter file ${path} cannot be opened (${error.code}).`)
  })
  const { size } = await handle.stat()
  let bytes = Math.min(size, keepBytes ?? size)
  if (bytes < size) await handle.truncate(bytes)

  /** The lines of the calls that wait for the write in progress, and the promise of their own. */
  let waiting: string[] = []
  let next: Promise<void> | undefined
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    await writing.catch(() => {})
    const lines = Buffer.from(waiting.join(""))
    waiting = []
    writing = next as Promise<void>
    next = undefined
    try {
      await handle.appendFile(lines)
      await handle.sync()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const reason = code === "ENOSPC" ? "the disk is full" : String(code)
      // Half a letter would break the file.
      await handle.truncate(bytes).catch(() => {})
      throw new DeadLetterFileError(`The dead letters cannot be written to ${path}: ${reason}.`)
    }
    bytes += lines.length
  }

  return {
    path,
    get bytes() {
      return bytes
    },
    append(letters) {
      for (const letter of letters) waiting.push(`${JSON.stringify(letter)}\n`)
      next ??= write()
      return next
    },
    async close() {
      await next?.catch(() => {})
      await writing.catch(() => {})
      await handle.close()
    },
  }
}
