import type { Insert } from "./insert.ts"
import type { Receipt } from "./receipt.ts"
import type { Runtime } from "./runtime.ts"

/** Rows that were encoded together, and who waits for them. */
export interface Chunk {
  /** Their arguments as JSON, without the brackets. */
  args: string
  /** The UTF-8 bytes of `args`. */
  readonly bytes: number
  readonly rows: number
  readonly receipt: Receipt
  /** The receipt's index of the first row; the others follow. */
  readonly first: number
  /** The whole body of a request with these rows alone, where they were encoded in it. */
  readonly body?: string
}

/** Whose rows are encoded, and where they stand among the others. */
export interface Span {
  readonly rows: number
  readonly receipt: Receipt
  readonly first: number
}

/** A chunk that will share its request with others. @throws what JSON.stringify throws */
export function toChunk(
  values: readonly unknown[],
  { rows, receipt, first }: Span,
  { byteLength }: Runtime,
): Chunk {
  const args = JSON.stringify(values).slice(1, -1)
  return { args, bytes: byteLength(args), rows, receipt, first }
}

/**
 * A chunk that will probably have a request for itself: it is encoded within the body of that request, which saves
 * copying it there. @throws what JSON.stringify throws
 */
export function toChunkWithBody(
  values: readonly unknown[],
  { rows, receipt, first }: Span,
  insert: Insert,
  { byteLength }: Runtime,
): Chunk {
  const body = insert.toBodyOf(values, rows)
  const bytes = byteLength(body) - insert.bytesAround(rows)
  return { args: body.slice(insert.argsStart(rows), -insert.tail.length), bytes, rows, receipt, first, body }
}

/**
 * A chunk for each row of a chunk. It is made from the encoded text and not from the events: those are the caller's
 * and may have changed since.
 */
export function toSingleRows(chunk: Chunk, columns: number, runtime: Runtime): Chunk[] {
  if (chunk.rows === 1) return [chunk]
  const values: unknown[] = JSON.parse(`[${chunk.args}]`)
  const { receipt, first } = chunk
  return Array.from({ length: chunk.rows }, (_, row) =>
    toChunk(
      values.slice(row * columns, (row + 1) * columns),
      { rows: 1, receipt, first: first + row },
      runtime,
    ),
  )
}
