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
 * Creates a function that appends the values of an event to an array, in the order of the columns. If the event can
 * never be a row, it throws an EventError and appends nothing.
 */
export function createRowReader(
  columns: readonly Column[],
  runtime: Runtime,
): (event: unknown, values: unknown[]) => void {
  const encoders = createEncoders(runtime)
  const cells = columns.map(
    (column): Cell => ({
      column,
      ...createReader(typeof column.from === "string" ? [column.from] : column.from),
      isText: column.type === "TEXT" && column.role !== "id",
      encode: column.role === "id" ? notBlank(encoders[column.type]) : encoders[column.type],
    }),
  )
  return (event, values) => {
    if (typeof event !== "object" || event === null) throw notAnEvent()
    const before = values.length
    let cell: Cell | undefined
    try {
      for (cell of cells) {
        const value = cell.key === undefined ? cell.read(event) : (event as Record<string, unknown>)[cell.key]
        if (value === undefined || value === null) values.push(toAbsent(cell.column, event))
        else if (cell.isText && typeof value === "string" && value.length <= safeTextLength)
          values.push(value)
        else values.push(cell.encode(value, cell.column))
      }
    } catch (error) {
      values.length = before
      // The error of a getter or a proxy may contain the value, so it must not reach a log.
      throw isValueError(error)
        ? error
        : valueError("invalid_json", (cell as Cell).column, "cannot be read from the event")
    }
  }
}

function notBlank(encode: Encode): Encode {
  return (value, column) => {
    const encoded = encode(value, column)
    if (String(encoded).trim() !== "") return encoded
    throw valueError("missing_value", column, "is blank. Every event needs a unique id")
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
