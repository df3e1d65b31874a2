import { EventError, type EventErrorCode } from "../errors.ts"
import type { Runtime } from "../runtime.ts"
import type { Column, ColumnType } from "./columns.ts"
import { toDatetime } from "./timestamp.ts"

/** The longest TEXT, in UTF-8 bytes. https://docs.singlestore.com/cloud/reference/sql-reference/data-types/string-types/ */
const maxTextBytes = 65_535

/** A string of so many UTF-16 units always fits, because each of them is at most three bytes. */
export const safeTextLength = 21_845

/** Turns a value into the JSON value that represents it in the request. @throws EventError */
export type Encode = (value: unknown, column: Column) => unknown

/** How a value is checked and encoded for each type of column. The server must never be the first to reject it. */
export function createEncoders({ byteLength }: Pick<Runtime, "byteLength">): Record<ColumnType, Encode> {
  return {
    TEXT(value, column) {
      const text = typeof value === "string" ? value : toText(value, column)
      if (text.length > safeTextLength && byteLength(text) > maxTextBytes) {
        throw valueError("text_too_long", column, `is longer than ${maxTextBytes} bytes`)
      }
      return text
    },
    LONGTEXT: (value, column) => (typeof value === "string" ? value : toText(value, column)),
    "DATETIME(6)"(value, column) {
      const datetime = toDatetime(value)
      if (typeof datetime === "string") return datetime
      const expected = "Expected extended ISO 8601, a Date, or epoch milliseconds."
      throw valueError("invalid_timestamp", column, `is not a valid time: ${datetime.reason}. ${expected}`)
    },
    JSON: toJson,
    BIGINT: toBigint,
    DOUBLE(value, column) {
      if (typeof value === "number" && Number.isFinite(value)) return value
      throw valueError("invalid_number", column, "must be a finite number")
    },
    BOOLEAN(value, column) {
      if (typeof value === "boolean") return value
      throw valueError("invalid_boolean", column, "must be true or false")
    },
  }
}

function toText(value: unknown, column: Column): string {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value)
  throw valueError("invalid_text", column, "must be a string, a number or a boolean")
}

/** Objects and arrays are sent as they are. Scalars are sent as JSON text, because the server does not take them bare. */
function toJson(value: unknown, column: Column): unknown {
  if (typeof value === "bigint") throw valueError("invalid_json", column, "is a BigInt")
  if (typeof value === "object" && !serializesItself(value as object)) return value
  const text = JSON.stringify(value)
  // An object is parsed again, so that no toJSON method is left in it that could return something else later.
  return text === undefined ? null : /^[{[]/.test(text) ? JSON.parse(text) : text
}

/** Whether JSON.stringify may turn an object into something else than an object, such as a Date or a boxed string. */
function serializesItself(value: object): boolean {
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return true
  return value instanceof String || value instanceof Number || value instanceof Boolean
}

const [minBigint, maxBigint] = [-(2n ** 63n), 2n ** 63n - 1n]

/** Sent as text, because the Data API reads a JSON number as a double with 53 bits. */
function toBigint(value: unknown, column: Column): string {
  const isInteger =
    typeof value === "bigint" ||
    Number.isInteger(value) ||
    (typeof value === "string" && /^[+-]?\d{1,19}$/.test(value))
  if (!isInteger) throw valueError("invalid_number", column, "must be an integer")
  const integer = BigInt(value as bigint | number | string)
  if (integer < minBigint || integer > maxBigint)
    throw valueError("invalid_number", column, "is outside the range of a BIGINT")
  return String(integer)
}

// Not the brand of the errors: a getter of an event can throw anything, including an imitation of our errors.
const valueErrors = new WeakSet<object>()

/** The error for a value that cannot be stored, or for the whole event if there is no column. */
export function valueError(code: EventErrorCode, column: Column | undefined, problem: string): EventError {
  const subject = column === undefined ? "The event" : `Column ${column.name}`
  const message = `${subject} ${problem}${problem.endsWith(".") ? "" : "."}`
  const error = new EventError({ code, message, column: column?.name })
  valueErrors.add(error)
  return error
}

/** Whether an error comes from `valueError`, and so contains no value. */
export function isValueError(error: unknown): error is EventError {
  return valueErrors.has(error as object)
}
