import { byteLength } from "./bytes.ts"
import type { Column, ColumnType } from "./columns.ts"
import { EventError, type EventErrorCode, isSinkError } from "./errors.ts"
import { createReader } from "./path.ts"
import { toDatetime } from "./timestamp.ts"

/** One event's values as they go into the request: the arguments as JSON without the brackets, and their bytes. */
export interface Row {
  readonly args: string
  readonly bytes: number
}

/** The longest TEXT, in UTF-8 bytes. https://docs.singlestore.com/cloud/reference/sql-reference/data-types/string-types/ */
const maxTextBytes = 65_535

/** A function from an event to its row; it throws an EventError where the event can never be a row. */
export function createRowEncoder(columns: readonly Column[]): (event: unknown) => Row {
  const cells: Cell[] = columns.map(column => ({
    column,
    read: createReader(typeof column.from === "string" ? [column.from] : column.from),
    encode: encoders[column.type],
  }))

  return event => {
    if (typeof event !== "object" || event === null || Array.isArray(event)) {
      const message = "The event is not an object. Send one object for each event."
      throw new EventError({ code: "not_an_event", message })
    }
    const values: unknown[] = []
    for (const cell of cells) values.push(toValue(event, cell))
    return toRow(values, columns)
  }
}

interface Cell {
  column: Column
  read(event: object): unknown
  encode: Encode
}

function toValue(event: object, { column, read, encode }: Cell): unknown {
  try {
    const value = read(event)
    if (value === undefined || value === null) {
      if (column.required) throw refusal("missing_value", column, "has no value, and an event needs one")
      return null
    }
    const encoded = encode(value, column)
    if (column.role === "id" && String(encoded).trim() === "") {
      throw refusal("missing_value", column, "is blank, and an event needs an id of its own")
    }
    return encoded
  } catch (error) {
    // What a getter or a proxy of the event throws must not reach a log: it may carry the value.
    throw isSinkError(error) ? error : refusal("bad_json", column, "cannot be read from the event")
  }
}

function toRow(values: unknown[], columns: readonly Column[]): Row {
  try {
    const args = JSON.stringify(values).slice(1, -1)
    return { args, bytes: byteLength(args) }
  } catch {
    const broken = columns.find((_, index) => !isJson(values[index]))
    throw refusal("bad_json", broken, "cannot be written as JSON (a cycle, a BigInt or a toJSON that throws)")
  }
}

function isJson(value: unknown): boolean {
  try {
    JSON.stringify(value)
    return true
  } catch {
    return false
  }
}

/** From a value that is there to the JSON value that stands for it in the request. */
type Encode = (value: unknown, column: Column) => unknown

const encoders: Record<ColumnType, Encode> = {
  TEXT(value, column) {
    const text = typeof value === "string" ? value : toText(value, column)
    // A UTF-16 unit is three bytes at most, so most texts need no counting.
    if (text.length * 3 > maxTextBytes && byteLength(text) > maxTextBytes) {
      throw refusal("text_too_long", column, `is longer than the ${maxTextBytes} bytes that a TEXT holds`)
    }
    return text
  },
  "DATETIME(6)"(value, column) {
    const datetime = toDatetime(value)
    if (typeof datetime === "string") return datetime
    const forms = "Send extended ISO 8601, a Date or whole epoch milliseconds."
    throw refusal("bad_time", column, `is not a time that can be stored: ${datetime.reason}. ${forms}`)
  },
  JSON(value) {
    const plain = typeof value === "object" ? unwrap(value as object) : value
    // Objects and arrays travel as they are. A scalar goes as JSON text: bare, the server would not take it as JSON.
    return typeof plain === "object" && plain !== null ? plain : (JSON.stringify(plain) ?? null)
  },
}

function toText(value: unknown, column: Column): string {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value)
  throw refusal("bad_text", column, "holds neither text, a number nor a boolean")
}

/** What JSON.stringify would make of an object that speaks for itself, a Date for example. */
function unwrap(value: object): unknown {
  const { toJSON } = value as { toJSON?: unknown }
  return typeof toJSON === "function" ? toJSON.call(value, "") : value
}

function refusal(code: EventErrorCode, column: Column | undefined, problem: string): EventError {
  const where = column === undefined ? "A column" : `Column ${column.name}`
  return new EventError({
    code,
    message: `${where} ${problem}`.replace(/([^.])$/, "$1."),
    column: column?.name,
  })
}
