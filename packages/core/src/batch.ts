import { type Chunk, toSingleRows } from "./chunk.ts"
import type { Insert } from "./insert.ts"
import type { Runtime } from "./runtime.ts"

/** Rows that go in one request, and the exact bytes of its body. */
export interface Batch {
  readonly chunks: Chunk[]
  rows: number
  bytes: number
}

export function createBatch(insert: Insert, chunks: readonly Chunk[] = []): Batch {
  const batch: Batch = { chunks: [], rows: 0, bytes: insert.baseBytes }
  for (const chunk of chunks) addToBatch(batch, chunk, insert)
  return batch
}

export function addToBatch(batch: Batch, chunk: Chunk, insert: Insert): void {
  batch.chunks.push(chunk)
  batch.rows += chunk.rows
  batch.bytes += insert.bytesOf(chunk)
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
  return [createBatch(insert, rows.slice(0, cut)), createBatch(insert, rows.slice(cut))]
}
