import type { Column } from "../event/columns.ts"
import { quoteName } from "./identifier.ts"

/** Rows that were encoded together. */
export interface EncodedRows {
  readonly rows: number
  /** Their arguments as JSON, without the brackets. */
  readonly args: string
  /** The length of `args` in UTF-8 bytes. */
  readonly bytes: number
  /** The request body of these rows alone, if they were encoded within it. */
  readonly body?: string | undefined
}

/** The statement that stores rows, and the exact size of the request that carries them. */
export interface Insert {
  readonly columnCount: number
  /** Whether sending it twice leaves the table as sending it once does. */
  readonly idempotent: boolean
  /** The bytes of a body without its rows. A body is exactly this plus `bytesOf` each of its chunks. */
  readonly baseBytes: number
  /** The bytes that encoded rows add to a body: their tuples, their arguments and the commas before them. */
  bytesOf(chunk: Pick<EncodedRows, "rows" | "bytes">): number
  /** Encodes the values of some rows. @throws what JSON.stringify throws */
  encode(values: readonly unknown[], rows: number): EncodedRows
  /** The same within the request body of these rows, which saves copying them there. @throws what JSON.stringify throws */
  encodeInBody(values: readonly unknown[], rows: number): EncodedRows
  /** Rows whose arguments are encoded. */
  fromArgs(args: string, rows: number): EncodedRows
  toBody(chunks: readonly EncodedRows[], rows: number): string
  /** The index in the body of so many rows at which the arguments start. */
  argsStart(rows: number): number
}

/**
 * The body is `{"sql":"INSERT … VALUES (?,…),(…)","database":"…","args":[…]}`. With `deduplicate` the statement is an
 * INSERT IGNORE, which skips rows whose id exists.
 *
 * @see https://docs.singlestore.com/cloud/reference/data-api/data-api-endpoint-reference/exec/
 */
export function createInsert(
  { table, columns, deduplicate }: { table: string; columns: readonly Column[]; deduplicate: boolean },
  database: string,
  byteLength: (text: string) => number,
): Insert {
  const names = columns.map(({ name }) => quoteName(name)).join(",")
  const statement = `INSERT ${deduplicate ? "IGNORE " : ""}INTO ${quoteName(table)} (${names}) VALUES `
  const tuple = `(${columns.map(() => "?").join(",")})`
  const head = `{"sql":${JSON.stringify(statement).slice(0, -1)}`
  const middle = `","database":${JSON.stringify(database)},"args":[`
  const tail = "]}"
  const bytesOfRow = tuple.length + 1
  // The first row has no comma before its tuple, and none before its arguments.
  const baseBytes = byteLength(head + middle + tail) - 2

  const toTuples = (rows: number) => tuple + `,${tuple}`.repeat(rows - 1)
  const argsStart = (rows: number) => head.length + rows * bytesOfRow - 1 + middle.length

  const fromArgs = (args: string, rows: number) => ({ rows, args, bytes: byteLength(args) })

  return {
    columnCount: columns.length,
    idempotent: deduplicate,
    baseBytes,
    bytesOf: ({ rows, bytes }) => rows * bytesOfRow + bytes + 1,
    encode: (values, rows) => fromArgs(JSON.stringify(values).slice(1, -1), rows),
    fromArgs,
    encodeInBody(values, rows) {
      const body = JSON.stringify({ sql: statement + toTuples(rows), database, args: values })
      const bytes = byteLength(body) - baseBytes - rows * bytesOfRow - 1
      return { rows, args: body.slice(argsStart(rows), -tail.length), bytes, body }
    },
    toBody(chunks, rows) {
      const [only] = chunks
      if (chunks.length === 1 && only?.body !== undefined) return only.body
      let args = ""
      for (const chunk of chunks) args += args === "" ? chunk.args : `,${chunk.args}`
      return head + toTuples(rows) + middle + args + tail
    },
    argsStart,
  }
}
