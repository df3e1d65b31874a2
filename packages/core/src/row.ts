import type { Column } from "./columns.ts"
import type { EventError } from "./errors.ts"
import type { Layout } from "./layout.ts"
import { createReader } from "./path.ts"
import type { Runtime } from "./runtime.ts"
import { createEncoders, type Encode, isRefusal, refusal, sureTextLength } from "./value.ts"

interface Cell {
  column: Column
  /** The key of a path with one key, which is read without a call: most columns have one. */
  key: string | undefined
  /** A short text is taken as it is, without a call: most values are one. */
  isText: boolean
  read(event: object): unknown
  encode: Encode
}

/**
 * A function that appends an event's values to others, in the order of the columns. It throws an EventError where the
 * event can never be a row, and has appended nothing then.
 */
export function createRowReader(
  columns: readonly Column[],
  layout: Layout,
  runtime: Runtime,
): (event: unknown, values: unknown[]) => void {
  const encoders = createEncoders(layout, runtime)
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
        else if (cell.isText && typeof value === "string" && value.length <= sureTextLength)
          values.push(value)
        else values.push(cell.encode(value, cell.column))
      }
    } catch (error) {
      values.length = before
      // What a getter or a proxy of the event throws must not reach a log: it may carry the value.
      throw isRefusal(error)
        ? error
        : refusal("bad_json", (cell as Cell).column, "cannot be read from the event")
    }
  }
}

function notBlank(encode: Encode): Encode {
  return (value, column) => {
    const encoded = encode(value, column)
    if (String(encoded).trim() !== "") return encoded
    throw refusal("missing_value", column, "is blank, and an event needs an id of its own")
  }
}

function toAbsent(column: Column, event: object): null {
  if (column.required !== true) return null
  if (Array.isArray(event)) throw notAnEvent()
  throw refusal("missing_value", column, "has no value, and an event needs one")
}

function notAnEvent(): EventError {
  return refusal("not_an_event", undefined, "is not an object. Send one object for each event.")
}
