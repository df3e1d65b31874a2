/**
 * Extended ISO 8601: a date, then optionally `T` or a space, hours and minutes, seconds, a fraction of any
 * length, and an offset. Basic form, week dates and ordinal dates do not match.
 */
const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:([Zz])|([+-])(\d{2})(?::?(\d{2}))?)?)?$/

const lengthOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

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
    return fromEpoch(value)
  }
  if (Object.prototype.toString.call(value) === "[object Date]") {
    const epochMs = Number((value as Date).getTime())
    return Number.isNaN(epochMs) ? { reason: "the Date is invalid" } : fromEpoch(epochMs)
  }
  return { reason: "it is not a string, a Date or a number" }
}

/** The form that most clients send: milliseconds, UTC, and a day that exists in every such month. */
const usual =
  /^[1-9]\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

function fromText(text: string): string | InvalidTime {
  if (usual.test(text)) return `${text.slice(0, 10)} ${text.slice(11, 23)}000`
  const match = iso.exec(text)
  if (match === null) return { reason: "it is not an extended ISO 8601 date or time" }
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00", fraction = ""] = match
  if (second === "60") return { reason: "leap seconds cannot be stored" }
  const wrong = findWrongField(+year, +month, +day, +hour, +minute, +second)
  if (wrong !== undefined) return { reason: `${wrong} out of range` }

  const sign = match[9]
  if (sign === undefined) {
    if (Number(year) < 1000) return { reason: outOfRange }
    return `${year}-${month}-${day} ${hour}:${minute}:${second}.${toMicros(fraction)}`
  }
  const offsetMinutes = toOffsetMinutes(sign, match[10], match[11])
  if (offsetMinutes === undefined) return { reason: "offset out of range" }
  // Not Date.UTC, which reads the years 0 to 99 as 1900 to 1999. An offset may lead back over the limit.
  const localMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return fromEpoch(localMs - offsetMinutes * 60_000, toMicros(fraction))
}

function toMicros(fraction: string): string {
  return fraction.length < 6 ? fraction.padEnd(6, "0") : fraction.slice(0, 6)
}

/** The first field that is out of range. */
function findWrongField(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
) {
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = month === 2 && !isLeapYear ? 28 : lengthOfMonth[month - 1]
  if (days === undefined) return "month"
  if (day < 1 || day > days) return "day"
  if (hour > 23) return "hour"
  if (minute > 59) return "minute"
  return second > 59 ? "second" : undefined
}

function toOffsetMinutes(sign: string, hours = "00", minutes = "00"): number | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined
  const total = Number(hours) * 60 + Number(minutes)
  return sign === "-" ? -total : total
}

const outOfRange = "year outside 1000 to 9999"

/** @param micros the fraction of the text, if it has more digits than epoch milliseconds */
function fromEpoch(epochMs: number, micros?: string): string | InvalidTime {
  const date = new Date(epochMs)
  const year = date.getUTCFullYear()
  if (!(year >= 1000 && year <= 9999)) return { reason: outOfRange }
  const text = date.toISOString()
  const seconds = `${text.slice(0, 10)} ${text.slice(11, 19)}`
  return `${seconds}.${micros ?? `${text.slice(20, 23)}000`}`
}
