import type { Column, ColumnType } from "./columns.ts"
import { EventError, type EventErrorCode } from "./errors.ts"
import type { Layout } from "./layout.ts"
import type { Runtime } from "./runtime.ts"
import { toDatetime } from "./timestamp.ts"

/** The longest TEXT, in UTF-8 bytes. https://docs.singlestore.com/cloud/reference/sql-reference/data-types/string-types/ */
const maxTextBytes = 65_535

/** A text of so many UTF-16 units fits for sure: each is three bytes at most. */
export const sureTextLength = 21_845

/** From a value that is there to the JSON value that stands for it in the request. @throws EventError */
export type Encode = (value: unknown, column: Column) => unknown

/** How each type of column is checked and encoded: the server must never be the first to refuse. */
export function createEncoders({ keepsDigits }: Layout, { byteLength }: Runtime): Record<ColumnType, Encode> {
  return {
    TEXT(value, column) {
      const text = typeof value === "string" ? value : toText(value, column)
      if (text.length > sureTextLength && byteLength(text) > maxTextBytes) {
        throw refusal("text_too_long", column, `is longer than the ${maxTextBytes} bytes that a TEXT holds`)
      }
      return text
    },
    LONGTEXT: (value, column) => (typeof value === "string" ? value : toText(value, column)),
    "DATETIME(6)"(value, column) {
      const datetime = toDatetime(value, keepsDigits)
      if (typeof datetime === "string") return datetime
      const forms = "Send extended ISO 8601, a Date or whole epoch milliseconds."
      throw refusal("bad_time", column, `is not a time that can be stored: ${datetime.reason}. ${forms}`)
    },
    JSON: toJson,
    BIGINT: toBigint,
    DOUBLE(value, column) {
      if (typeof value === "number" && Number.isFinite(value)) return value
      throw refusal("bad_number", column, "is not a finite number")
    },
    BOOLEAN(value, column) {
      if (typeof value === "boolean") return value
      throw refusal("bad_boolean", column, "is neither true nor false")
    },
  }
}

function toText(value: unknown, column: Column): string {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value)
  throw refusal("bad_text", column, "holds neither text, a number nor a boolean")
}

/** Objects and arrays travel as they are. A scalar goes as JSON text: bare, the server would not take it as JSON. */
function toJson(value: unknown, column: Column): unknown {
  if (typeof value === "bigint") throw refusal("bad_json", column, "is a BigInt, which JSON does not have")
  if (typeof value === "object" && !speaksForItself(value as object)) return value
  const text = JSON.stringify(value)
  // What is an object after all is read back, so that nothing is left in it that could change its mind.
  return text === undefined ? null : /^[{[]/.test(text) ? JSON.parse(text) : text
}

/** Whether JSON.stringify may make something else of an object than an object: a Date, a boxed text. */
function speaksForItself(value: object): boolean {
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return true
  return value instanceof String || value instanceof Number || value instanceof Boolean
}

const [minBigint, maxBigint] = [-(2n ** 63n), 2n ** 63n - 1n]

/** As text: the Data API reads a JSON number as a double, which has 53 bits. */
function toBigint(value: unknown, column: Column): string {
  const isWhole =
    typeof value === "bigint" ||
    Number.isInteger(value) ||
    (typeof value === "string" && /^[+-]?\d{1,19}$/.test(value))
  if (!isWhole) throw refusal("bad_number", column, "is not a whole number")
  const whole = BigInt(value as bigint | number | string)
  if (whole < minBigint || whole > maxBigint)
    throw refusal("bad_number", column, "is outside the range of a BIGINT")
  return String(whole)
}

// Not the brand of the errors: a getter of an event may throw anything, also what looks like an error of ours.
const refusals = new WeakSet<object>()

export function refusal(code: EventErrorCode, column: Column | undefined, problem: string): EventError {
  const message = `${column === undefined ? "The event" : `Column ${column.name}`} ${problem}`.replace(
    /[^.]$/,
    "$&.",
  )
  const error = new EventError({ code, message, column: column?.name })
  refusals.add(error)
  return error
}

/** Whether an error was made by `refusal`, and so holds no value. */
export function isRefusal(error: unknown): error is EventError {
  return refusals.has(error as object)
}
