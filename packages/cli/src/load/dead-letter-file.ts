import { open } from "node:fs/promises"
import { CommandError, exitCodes } from "../exit.ts"
import type { DeadLetter } from "./dead-letter.ts"

/** A file that dead letters are appended to. */
export interface DeadLetterFile {
  readonly path: string
  /** The bytes written and synchronised to the disk. */
  readonly bytes: number
  /** @throws CommandError if the file cannot be written, such as on a full disk */
  append(letters: readonly DeadLetter[]): Promise<void>
  close(): Promise<void>
}

/**
 * Opens a file for dead letters. New letters follow those that are in it.
 *
 * @param keepBytes what is kept of the file; the rest is written again by a load that continues
 * @throws CommandError if the file cannot be opened
 */
export async function openDeadLetterFile(path: string, keepBytes?: number): Promise<DeadLetterFile> {
  // Events are nobody else's business.
  const handle = await open(path, "a", 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`The file ${path} of --dead-letters cannot be opened (${error.code}).`)
  })
  const { size } = await handle.stat()
  let bytes = Math.min(size, keepBytes ?? size)
  if (bytes < size) await handle.truncate(bytes)

  return {
    path,
    get bytes() {
      return bytes
    },
    async append(letters) {
      const lines = Buffer.from(letters.map(letter => `${JSON.stringify(letter)}\n`).join(""))
      try {
        await handle.appendFile(lines)
        await handle.sync()
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        const reason = code === "ENOSPC" ? "the disk is full" : String(code)
        // Half a letter would break the file.
        await handle.truncate(bytes).catch(() => {})
        throw new CommandError(
          `The dead letters cannot be written to ${path}: ${reason}. Nothing is lost: the records after the checkpoint are read again.`,
          exitCodes.incomplete,
        )
      }
      bytes += lines.length
    },
    close: () => handle.close(),
  }
}
