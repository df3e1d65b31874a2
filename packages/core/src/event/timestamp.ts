/**
 * Extended ISO 8601: a date, then optionally `T` or a space, hours and minutes, seconds, a fraction of any
 * length, and an offset. Basic form, week dates and ordinal dates do not match.
 */
const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:([Zz])|([+-])(\d{2})(?::?(\d{2}))?)?)?$/

/** A time that cannot be stored. `reason` never contains the value. */
export interface InvalidTime {
  reason: string
}

/**
 * The UTC text of a DATETIME(6), `YYYY-MM-DD HH:MM:SS.ffffff`, for any accepted time. Digits beyond the sixth are cut and
 * not rounded, so that no time moves into the next second or year. Text without an offset means UTC.
 *
 * @example
 * toDatetime("2026-11-22T00:30:00.25+02:00") // "2026-11-21 22:30:00.250000"
 */
export function toDatetime(value: unknown): string | InvalidTime {
  if (typeof value === "string") return fromText(value)
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return { reason: "epoch milliseconds must be an integer" }
    // From 2001 to 2286 in seconds, and weeks in 1970 in milliseconds.
    if (value >= 1e9 && value < 1e10) return { reason: "it looks like epoch seconds" }
    return fromEpoch(value)
  }
  if (Object.prototype.toString.call(value) === "[object Date]") {
    const epochMs = Number((value as Date).getTime())
    return Number.isNaN(epochMs) ? { reason: "the Date is invalid" } : fromEpoch(epochMs)
  }
  return { reason: "it is not a string, a Date or a number" }
}

/** The form that most clients send: milliseconds, UTC, and a day that exists in every month. */
const usual = /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

function fromText(text: string): string | InvalidTime {
  if (usual.test(text)) return `${text.slice(0, 10)} ${text.slice(11, 23)}000`
  const match = iso.exec(text)
  if (match === null) return { reason: "it is not an extended ISO 8601 date or time" }
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = ""] = match
  const [, , , , , , , , , sign, offsetHours = "00", offsetMinutes = "00"] = match
  // Not Date.UTC, which reads the years 0 to 99 as 1900 to 1999.
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const localMs = Date.parse(`${local}Z`)
  // Date.parse reads February 30 as March 2, and hour 24 as the next day.
  if (Number.isNaN(localMs) || !new Date(localMs).toISOString().startsWith(local))
    return { reason: "there is no such date or time" }
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return { reason: "offset out of range" }
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000
  return fromEpoch(
    sign === "-" ? localMs + offsetMs : localMs - offsetMs,
    fraction.padEnd(6, "0").slice(0, 6),
  )
}

/** @param micros the fraction of the text, if it has more digits than epoch milliseconds */
function fromEpoch(epochMs: number, micros?: string): string | InvalidTime {
  const date = new Date(epochMs)
  const year = date.getUTCFullYear()
  if (!(year >= 1000 && year <= 9999)) return { reason: "year outside 1000 to 9999" }
  const text = date.toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 19)}.${micros ?? `${text.slice(20, 23)}000`}`
}
