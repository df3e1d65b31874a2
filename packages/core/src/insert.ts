import { byteLength } from "./bytes.ts"
import type { Column } from "./columns.ts"
import type { Row } from "./row.ts"
import { quoteName } from "./table.ts"

/** The statement that stores rows, and the exact size of the request that carries them. */
export interface Insert {
  /** Bytes of a body but for its rows; the body of a request is exactly this and each row's `bytesOf`. */
  readonly baseBytes: number
  /** Bytes that a row adds to a body: its tuple, its arguments and the comma before each. */
  bytesOf(row: Row): number
  toBody(rows: readonly Row[]): string
}

/**
 * The body is `{"sql":"INSERT … VALUES (?,…),(…)","database":"…","args":[…]}`.
 * INSERT IGNORE leaves out rows whose key is there already, so a request may be sent twice.
 *
 * @see https://docs.singlestore.com/cloud/reference/data-api/data-api-endpoint-reference/exec/
 */
export function createInsert(table: string, columns: readonly Column[], database: string): Insert {
  const names = columns.map(column => quoteName(column.name)).join(",")
  const statement = `INSERT IGNORE INTO ${quoteName(table)} (${names}) VALUES `
  const tuple = `(${columns.map(() => "?").join(",")})`
  const head = `{"sql":${JSON.stringify(statement).slice(0, -1)}`
  const middle = `","database":${JSON.stringify(database)},"args":[`
  const tail = "]}"
  return {
    // The first row has no comma before its tuple, and none before its arguments.
    baseBytes: byteLength(head + middle + tail) - 2,
    bytesOf: row => tuple.length + row.bytes + 2,
    toBody(rows) {
      const tuples = tuple + `,${tuple}`.repeat(rows.length - 1)
      return head + tuples + middle + rows.map(row => row.args).join(",") + tail
    },
  }
}
