import type { Receipt } from "./receipt.ts"

/** Rows that were encoded together: their arguments as JSON without the brackets, and who waits for them. */
export interface Chunk {
  readonly args: string
  /** The UTF-8 bytes of `args`. */
  readonly bytes: number
  readonly rows: number
  readonly receipt: Receipt
  /** The receipt's index of the first row; the others follow. */
  readonly first: number
}

/**
 * A chunk for each row of a chunk. It is made from the encoded text and not from the events: those are the caller's
 * and may have changed since.
 */
export function toSingleRows(chunk: Chunk, columns: number, byteLength: (text: string) => number): Chunk[] {
  if (chunk.rows === 1) return [chunk]
  const values: unknown[] = JSON.parse(`[${chunk.args}]`)
  return Array.from({ length: chunk.rows }, (_, row) => {
    const args = JSON.stringify(values.slice(row * columns, (row + 1) * columns)).slice(1, -1)
    return { args, bytes: byteLength(args), rows: 1, receipt: chunk.receipt, first: chunk.first + row }
  })
}
