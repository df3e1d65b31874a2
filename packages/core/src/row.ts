import type { Column } from "./columns.ts"
import { EventError, isSinkError } from "./errors.ts"
import type { Layout } from "./layout.ts"
import { createReader } from "./path.ts"
import type { Runtime } from "./runtime.ts"
import { createEncoders, type Encode, refusal } from "./value.ts"

/** One event's values as they go into a request, in the order of the columns. */
export type Row = unknown[]

interface Cell {
  column: Column
  required: boolean
  isId: boolean
  read(event: object): unknown
  encode: Encode
}

/** A function from an event to its row; it throws an EventError where the event can never be a row. */
export function createRowReader(
  columns: readonly Column[],
  layout: Layout,
  runtime: Runtime,
): (event: unknown) => Row {
  const encoders = createEncoders(layout, runtime)
  const cells = columns.map(
    (column): Cell => ({
      column,
      required: column.required === true,
      isId: column.role === "id",
      read: createReader(typeof column.from === "string" ? [column.from] : column.from),
      encode: encoders[column.type],
    }),
  )
  return event => {
    if (typeof event !== "object" || event === null) throw notAnEvent()
    const row: Row = []
    for (const cell of cells) row.push(toValue(event, cell))
    return row
  }
}

function toValue(event: object, cell: Cell): unknown {
  try {
    const value = cell.read(event)
    if (value !== undefined && value !== null) {
      const encoded = cell.encode(value, cell.column)
      if (!cell.isId || String(encoded).trim() !== "") return encoded
      throw refusal("missing_value", cell.column, "is blank, and an event needs an id of its own")
    }
    if (!cell.required) return null
    if (Array.isArray(event)) throw notAnEvent()
    throw refusal("missing_value", cell.column, "has no value, and an event needs one")
  } catch (error) {
    // What a getter or a proxy of the event throws must not reach a log: it may carry the value.
    throw isSinkError(error) ? error : refusal("bad_json", cell.column, "cannot be read from the event")
  }
}

function notAnEvent(): EventError {
  const message = "The event is not an object. Send one object for each event."
  return new EventError({ code: "not_an_event", message })
}
