import type { DeadLetter } from "@singlesink/receiver/dead-letters"

/** What became of the records. At the end: read = stored + rejected + failed + broken. */
export interface Counts {
  read: number
  stored: number
  rejected: number
  failed: number
  broken: number
}

export const noCounts = (): Counts => ({ read: 0, stored: 0, rejected: 0, failed: 0, broken: 0 })

/** A place in the files: everything before it has an outcome, and its dead letters are written. */
export interface Position {
  /** The index of the file. */
  readonly file: number
  /** The number of the last record in it. */
  readonly record: number
}

/** Consecutive records of one file. */
export interface Block {
  readonly counts: Counts
  /** The dead letters by the number of their record. */
  readonly letters: Map<number, DeadLetter>
  /** The records without an outcome. */
  pending: number
  /** The index of the file, and the number of the last record of the block in it. */
  readonly file: number
  record: number
  /** Whether it gets no more records. */
  isClosed: boolean
  /** Whether it has a record that has to be read again. It and all later blocks stay unfinished. */
  isBlocked: boolean
}

/** A checkpoint repeats at most this many records, times the blocks in flight. */
const recordsPerBlock = 1_000

export interface Ledger {
  /** The block of the next record, which has no outcome yet. */
  next(file: number, record: number): Block
  /** Notes that a record of a block has its outcome. */
  settle(block: Block): void
  /** The blocks at the start that are done, in order. Each is returned once. */
  takeDone(): Block[]
  /** Closes the last block: there are no more records. */
  end(): void
  /** The counts of all records so far. */
  counts(): Counts
}

/**
 * Keeps the order of the records, whose outcomes arrive in any order. Only what is done without a gap may be written to a
 * checkpoint.
 *
 * @param before the counts of an interrupted load that is continued
 * @param onDone is called when the first block is done
 */
export function createLedger(before: Counts, onDone: () => void): Ledger {
  const blocks: Block[] = []
  const taken = { ...before }
  let open: Block | undefined

  function close(): void {
    if (open === undefined) return
    open.isClosed = true
    open = undefined
    if (isDone(blocks[0])) onDone()
  }

  return {
    next(file, record) {
      if (open?.file !== file || open.counts.read >= recordsPerBlock) close()
      if (open === undefined) {
        open = {
          file,
          record,
          counts: noCounts(),
          letters: new Map(),
          pending: 0,
          isClosed: false,
          isBlocked: false,
        }
        blocks.push(open)
      }
      open.record = record
      open.pending++
      open.counts.read++
      return open
    },
    settle(block) {
      block.pending--
      if (block === blocks[0] && isDone(block)) onDone()
    },
    takeDone() {
      const done: Block[] = []
      while (isDone(blocks[0])) done.push(blocks.shift() as Block)
      for (const { counts } of done) addCounts(taken, counts)
      return done
    },
    end: close,
    counts() {
      const counts = { ...taken }
      for (const block of blocks) addCounts(counts, block.counts)
      return counts
    },
  }
}

const isDone = (block: Block | undefined) =>
  block?.isClosed === true && !block.isBlocked && block.pending === 0

export function addCounts(sum: Counts, more: Counts): void {
  for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += more[key]
}
