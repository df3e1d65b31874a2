import type { EncodedRows, Insert } from "../table/insert.ts"
import type { Span } from "./submission.ts"

/** Rows of one submission that were encoded together. */
export interface Chunk extends Span, EncodedRows {
  args: string
}

/** One chunk for each row. They are made from the encoded text, because the caller may have changed the events. */
export function toSingleRows(chunk: Chunk, insert: Insert): Chunk[] {
  if (chunk.rows === 1) return [chunk]
  const { submission, offset } = chunk
  const { columnCount } = insert
  const values: unknown[] = JSON.parse(`[${chunk.args}]`)
  return Array.from({ length: chunk.rows }, (_, row) => {
    const encoded = insert.encode(values.slice(row * columnCount, (row + 1) * columnCount), 1)
    return { ...encoded, submission, offset: offset + row }
  })
}
