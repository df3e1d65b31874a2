import type { DeadLetter, DeadLetterFile } from "@singlesink/receiver/dead-letters"
import { addCounts, type Block, type Counts, type Ledger, type Position } from "./ledger.ts"

export interface JournalParts {
  readonly ledger: Ledger
  readonly deadLetters: DeadLetterFile | undefined
  /** Where the load starts: the start of the files, or a checkpoint. */
  readonly start: { readonly position: Position; readonly counts: Counts }
  /** Writes a checkpoint. */
  readonly save: (position: Position, counts: Counts) => Promise<void>
  /** Receives the error that ends the journal. */
  readonly onError: (error: unknown) => void
}

export interface Journal {
  /** Writes the first checkpoint, so that a load that is killed early also finds the end of its dead letters. */
  begin(): Promise<void>
  /** Writes what is done. */
  write(): void
  /** Writes what is done, and the last checkpoint. */
  end(): Promise<void>
}

const saveEveryMs = 1_000

/**
 * Writes what is done, in order: the dead letters of a block, and from time to time a checkpoint that is not ahead of them.
 * After an error it writes nothing more.
 */
export function createJournal({ ledger, deadLetters, start, save, onError }: JournalParts): Journal {
  let { position } = start
  const counts = { ...start.counts }
  let savedAt = performance.now()
  let running: Promise<void> | undefined
  let isBroken = false

  async function writeDone(): Promise<void> {
    for (let done = ledger.takeDone(); done.length > 0; done = ledger.takeDone()) {
      const letters = done.flatMap(inOrder)
      if (letters.length > 0) await deadLetters?.append(letters)
      for (const block of done) addCounts(counts, block.counts)
      position = toPosition(done.at(-1)) ?? position
      if (performance.now() - savedAt < saveEveryMs) continue
      await save(position, counts)
      savedAt = performance.now()
    }
  }

  function write(): void {
    if (running !== undefined || isBroken) return
    running = writeDone()
      .catch(error => {
        isBroken = true
        onError(error)
      })
      .finally(() => {
        running = undefined
      })
  }

  return {
    begin: () => save(position, counts),
    write,
    async end() {
      await running
      write()
      await running
      if (!isBroken) await save(position, counts)
    },
  }
}

function toPosition(block: Block | undefined): Position | undefined {
  return block && { file: block.file, record: block.record }
}

/** Outcomes arrive in any order. */
function inOrder({ letters }: Block): DeadLetter[] {
  return [...letters].sort(([one], [other]) => one - other).map(([, letter]) => letter)
}
