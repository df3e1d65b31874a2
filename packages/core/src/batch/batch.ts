import type { Outcome } from "../outcome.ts"
import type { Insert } from "../table/insert.ts"
import { type Chunk, toSingleRows } from "./chunk.ts"
import { isPending, settle } from "./submission.ts"

/** Rows that are sent in one request. */
export interface Batch {
  readonly chunks: Chunk[]
  rows: number
  /** The exact length of the request body in UTF-8 bytes. */
  bytes: number
}

/** A batch that takes no more rows. */
export interface SealedBatch extends Batch {
  /** The request body. */
  readonly body: string
}

export function createBatch(insert: Insert): Batch {
  return { chunks: [], rows: 0, bytes: insert.baseBytes }
}

export function addToBatch(batch: Batch, chunk: Chunk, insert: Insert): void {
  batch.chunks.push(chunk)
  batch.rows += chunk.rows
  batch.bytes += insert.bytesOf(chunk)
}

/**
 * Makes the request body. The chunks' own texts become slices of it, so that the garbage collector has one large string
 * to keep while the batch waits, instead of thousands to copy over and over.
 */
export function sealBatch(batch: Batch, insert: Insert): SealedBatch {
  if ("body" in batch) return batch as SealedBatch
  const { chunks, rows } = batch
  const body = insert.toBody(chunks, rows)
  let start = insert.argsStart(rows)
  for (const chunk of chunks) {
    const end = start + chunk.args.length
    chunk.args = body.slice(start, end)
    start = end + 1
  }
  return Object.assign(batch, { body })
}

function toBatch(chunks: readonly Chunk[], insert: Insert): Batch {
  const batch = createBatch(insert)
  for (const chunk of chunks) addToBatch(batch, chunk, insert)
  return batch
}

function toSealedBatch(chunks: readonly Chunk[], insert: Insert): SealedBatch {
  return sealBatch(toBatch(chunks, insert), insert)
}

/**
 * So many batches, or one for each row if there are fewer, to which the rows are dealt in a shuffled order. Events often
 * follow each other in a pattern, and dealing them in turn would put all of one kind into the same part.
 */
export function dealRows(batch: Batch, parts: number, insert: Insert): SealedBatch[] {
  const rows = batch.chunks.flatMap(chunk => toSingleRows(chunk, insert))
  const places = toShuffled(rows.length)
  return Array.from({ length: Math.min(parts, rows.length) }, (_, part) =>
    toSealedBatch(
      rows.filter((_, index) => (places[index] as number) % parts === part),
      insert,
    ),
  )
}

/** The numbers below `length` in an arbitrary order, which is always the same. */
function toShuffled(length: number): number[] {
  const numbers = Array.from({ length }, (_, index) => index)
  let seed = length
  for (let last = length - 1; last > 0; last--) {
    seed = (seed * 48_271) % 2_147_483_647
    const other = seed % (last + 1)
    ;[numbers[last], numbers[other]] = [numbers[other] as number, numbers[last] as number]
  }
  return numbers
}

/** Whether a row of the batch has no outcome. */
export function isPendingBatch({ chunks }: Pick<Batch, "chunks">): boolean {
  return chunks.some(isPending)
}

/** The batch without the rows that have their outcome; undefined if none is left. */
export function toPending(batch: Batch, insert: Insert): Batch | undefined {
  const chunks = batch.chunks.filter(isPending)
  if (chunks.length === batch.chunks.length) return batch
  return chunks.length === 0 ? undefined : toBatch(chunks, insert)
}

/** Gives each row of the batch this outcome, unless it has one. @returns how many got it */
export function settleBatch({ chunks }: Pick<Batch, "chunks">, outcome: Outcome): number {
  let settled = 0
  for (const chunk of chunks) settled += settle(chunk, outcome)
  return settled
}
