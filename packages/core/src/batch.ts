import { type Chunk, toSingleRows } from "./chunk.ts"
import type { Insert } from "./insert.ts"
import type { Runtime } from "./runtime.ts"

/** Rows that go in one request, and the exact bytes of its body. */
export interface Batch {
  readonly chunks: Chunk[]
  rows: number
  bytes: number
  /** An attempt may have been carried out although no answer came, so the rows may be stored. */
  mayBeStored: boolean
  /** The body of its request, once that is made. */
  body: string | undefined
}

export function createBatch(insert: Insert, chunks: readonly Chunk[] = []): Batch {
  const batch: Batch = { chunks: [], rows: 0, bytes: insert.baseBytes, mayBeStored: false, body: undefined }
  for (const chunk of chunks) addToBatch(batch, chunk, insert)
  return batch
}

export function addToBatch(batch: Batch, chunk: Chunk, insert: Insert): void {
  batch.chunks.push(chunk)
  batch.rows += chunk.rows
  batch.bytes += insert.bytesOf(chunk)
}

/**
 * The body of a batch that is cut. From then on the rows' own texts are pieces of it: while they wait and while they are
 * under way the garbage collector has one large text to look after, and not thousands to copy over and over.
 */
export function toBatchBody(batch: Batch, insert: Insert): string {
  if (batch.body !== undefined) return batch.body
  const { chunks, rows } = batch
  const body = insert.toBody(chunks, rows)
  let start = insert.argsStart(rows)
  for (const chunk of chunks) {
    const end = start + chunk.args.length
    chunk.args = body.slice(start, end)
    start = end + 1
  }
  batch.body = body
  return body
}

/** Two batches with half of the bytes each, or as near to it as single rows allow; neither is empty. */
export function splitBatch(batch: Batch, insert: Insert, columns: number, runtime: Runtime): [Batch, Batch] {
  const rows = batch.chunks.flatMap(chunk => toSingleRows(chunk, columns, runtime))
  const half = (batch.bytes - insert.baseBytes) / 2
  let bytes = 0
  let cut = 0
  while (cut < rows.length - 1 && (cut === 0 || bytes + insert.bytesOf(rows[cut] as Chunk) <= half)) {
    bytes += insert.bytesOf(rows[cut] as Chunk)
    cut++
  }
  const { mayBeStored } = batch
  return [
    { ...createBatch(insert, rows.slice(0, cut)), mayBeStored },
    { ...createBatch(insert, rows.slice(cut)), mayBeStored },
  ]
}

/** At most so many batches, with as many rows each but for the last. */
export function cutBatch(
  batch: Batch,
  pieces: number,
  insert: Insert,
  columns: number,
  runtime: Runtime,
): Batch[] {
  const rows = batch.chunks.flatMap(chunk => toSingleRows(chunk, columns, runtime))
  const each = Math.ceil(rows.length / pieces)
  return Array.from({ length: Math.ceil(rows.length / each) }, (_, piece) => ({
    ...createBatch(insert, rows.slice(piece * each, (piece + 1) * each)),
    mayBeStored: batch.mayBeStored,
  }))
}

/** Whether somebody still waits for a row of the batch. */
export function isOpenBatch(batch: Batch): boolean {
  return batch.chunks.some(isOpen)
}

function isOpen({ receipt, first }: Chunk): boolean {
  return receipt.outcomes[first] === undefined
}

/** Leaves out the rows that have their outcome: their caller has stopped waiting. */
export function pruneBatch(batch: Batch, insert: Insert): void {
  const chunks = batch.chunks.filter(isOpen)
  if (chunks.length === batch.chunks.length) return
  const { rows, bytes } = createBatch(insert, chunks)
  batch.chunks.splice(0, batch.chunks.length, ...chunks)
  Object.assign(batch, { rows, bytes, body: undefined })
}
