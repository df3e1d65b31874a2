import type { EventError } from "../errors.ts"
import type { Runtime } from "../runtime.ts"
import type { Column } from "./columns.ts"
import { createReader } from "./path.ts"
import { createEncoders, type Encode, isValueError, safeTextLength, valueError } from "./value.ts"

interface Cell {
  column: Column
  /** The key of a path with a single key, which most columns have. It is read without a call. */
  key: string | undefined
  /** Whether a short string needs no encoding, which is true of most values. */
  isText: boolean
  read(event: object): unknown
  encode: Encode
}

/**
 * Appends the values of an event to an array, in the order of the columns, and returns how many of them are NULL because
 * they do not fit a column with `onInvalid: "null"`. If the event can never be a row, it appends nothing.
 *
 * @throws EventError
 */
export type ReadRow = (event: unknown, values: unknown[]) => number

export function createRowReader(columns: readonly Column[], runtime: Runtime): ReadRow {
  const encoders = createEncoders(runtime)
  const cells = columns.map(
    (column): Cell => ({
      column,
      ...createReader(typeof column.from === "string" ? [column.from] : column.from),
      isText: column.type === "TEXT" && column.role !== "id",
      encode: column.role === "id" ? toIdEncoder(encoders[column.type]) : encoders[column.type],
    }),
  )
  return (event, values) => {
    if (typeof event !== "object" || event === null) throw notAnEvent()
    const before = values.length
    let nulled = 0
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index] as Cell
      try {
        const value = cell.key === undefined ? cell.read(event) : (event as Record<string, unknown>)[cell.key]
        if (value === undefined || value === null) values.push(toAbsent(cell.column, event))
        else if (cell.isText && typeof value === "string" && value.length <= safeTextLength)
          values.push(value)
        else values.push(cell.encode(value, cell.column))
      } catch (error) {
        if (cell.column.onInvalid === "null") {
          values.push(null)
          nulled++
          continue
        }
        values.length = before
        // The error of a getter or a proxy may contain the value, so it must not reach a log.
        throw isValueError(error)
          ? error
          : valueError("invalid_json", cell.column, "cannot be read from the event")
      }
    }
    return nulled
  }
}

/**
 * Rejects ids that the server cannot tell apart: a lone surrogate has no UTF-8, so all of them become the same character.
 */
function toIdEncoder(encode: Encode): Encode {
  return (value, column) => {
    const encoded = encode(value, column)
    const text = String(encoded)
    if (text.trim() === "")
      throw valueError("missing_value", column, "is blank. Every event needs a unique id")
    if (/\p{Surrogate}/u.test(text)) throw valueError("invalid_text", column, "is not well-formed Unicode")
    return encoded
  }
}

function toAbsent(column: Column, event: object): null {
  if (column.required !== true) return null
  if (Array.isArray(event)) throw notAnEvent()
  throw valueError("missing_value", column, "is required, but has no value")
}

function notAnEvent(): EventError {
  return valueError("not_an_event", undefined, "must be an object.")
}
