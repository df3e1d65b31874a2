import type { Chunk } from "./chunk.ts"
import type { Column } from "./columns.ts"
import type { Layout } from "./layout.ts"
import { quoteName, toColumnName } from "./name.ts"
import type { Runtime } from "./runtime.ts"

/** The statement that stores rows, and the exact size of the request that carries them. */
export interface Insert {
  /** Bytes of a body but for its rows; a body is exactly this and `bytesOf` each of its chunks. */
  readonly baseBytes: number
  /** Bytes that a chunk adds to a body: its tuples, its arguments and the commas before them. */
  bytesOf(chunk: Pick<Chunk, "rows" | "bytes">): number
  toBody(chunks: readonly Chunk[], rows: number): string
  /** The body of one chunk, from its values. @throws what JSON.stringify throws */
  toBodyOf(values: readonly unknown[], rows: number): string
  /** Bytes of such a body but for the arguments, where the arguments start in it, and what follows them. */
  bytesAround(rows: number): number
  argsStart(rows: number): number
  readonly tail: string
}

/**
 * The body is `{"sql":"INSERT … VALUES (?,…),(…)","database":"…","args":[…]}`.
 *
 * @see https://docs.singlestore.com/cloud/reference/data-api/data-api-endpoint-reference/exec/
 */
export function createInsert(
  table: string,
  columns: readonly Column[],
  database: string,
  layout: Layout,
  { byteLength }: Runtime,
): Insert {
  const { comma } = layout
  const names = columns.map(column => toColumnName(column.name)).join(comma)
  const statement = `${layout.insert} ${quoteName(table)} (${names}) VALUES `
  const tuple = `(${columns.map(() => "?").join(comma)})`
  const head = `{"sql":${JSON.stringify(statement).slice(0, -1)}`
  const middle = `","database":${JSON.stringify(database)},"args":[`
  const tail = "]}"
  const bytesOfRow = tuple.length + comma.length
  // The first row has no comma before its tuple, and none before its arguments.
  const baseBytes = byteLength(head + middle + tail) - comma.length - 1

  const toTuples = (rows: number) => tuple + (comma + tuple).repeat(rows - 1)

  return {
    baseBytes,
    bytesOf: ({ rows, bytes }) => rows * bytesOfRow + bytes + 1,
    toBody(chunks, rows) {
      const [only] = chunks
      if (chunks.length === 1 && only?.body !== undefined) return only.body
      let args = ""
      for (const chunk of chunks) args += args === "" ? chunk.args : `,${chunk.args}`
      return head + toTuples(rows) + middle + args + tail
    },
    toBodyOf: (values, rows) => JSON.stringify({ sql: statement + toTuples(rows), database, args: values }),
    bytesAround: rows => baseBytes + rows * bytesOfRow + 1,
    argsStart: rows => head.length + rows * bytesOfRow - comma.length + middle.length,
    tail,
  }
}
