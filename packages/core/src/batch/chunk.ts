import type { EncodedRows, Insert } from "../table/insert.ts"
import type { Span } from "./submission.ts"

/** Rows of one submission that were encoded together. */
export interface Chunk extends Span, EncodedRows {
  args: string
}

/**
 * One chunk for each row. They are cut from the encoded text, because the caller may have changed the events, and because
 * a value that was nested almost too deeply for JSON.stringify might be too deep for it here.
 */
export function toSingleRows(chunk: Chunk, insert: Insert): Chunk[] {
  if (chunk.rows === 1) return [chunk]
  const { submission, offset } = chunk
  return cut(chunk.args, insert.columnCount).map((args, row) => ({
    ...insert.fromArgs(args, 1),
    submission,
    offset: offset + row,
  }))
}

/** Cuts JSON values with commas between them after every `count` values. */
function cut(text: string, count: number): string[] {
  const parts: string[] = []
  let depth = 0
  let values = 0
  let start = 0
  let isInString = false
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    if (character === '"') isInString = !isInString
    else if (isInString) index += character === "\\" ? 1 : 0
    else if (character === "[" || character === "{") depth++
    else if (character === "]" || character === "}") depth--
    else if (character === "," && depth === 0 && ++values % count === 0) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  return [...parts, text.slice(start)]
}
