/**
 * Extended ISO 8601: a date, then optionally `T` or a space, hours and minutes, seconds, a fraction of any
 * length, and an offset. Basic form, week dates and ordinal dates do not match.
 */
const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:([Zz])|([+-])(\d{2})(?::?(\d{2}))?)?)?$/

const lengthOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** A time that cannot be stored; `reason` never repeats the value. */
export interface BadTime {
  reason: string
}

/**
 * Any time we accept, as the UTC text of a DATETIME(6): `YYYY-MM-DD HH:MM:SS.ffffff`. Digits beyond the
 * sixth are cut, not rounded: a time is never moved into the next second or year.
 */
export function toDatetime(value: unknown): string | BadTime {
  if (typeof value === "string") return fromText(value)
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return { reason: "the number is not a whole count of epoch milliseconds" }
    return fromEpoch(value)
  }
  if (Object.prototype.toString.call(value) === "[object Date]") {
    const epochMs = Number((value as Date).getTime())
    return Number.isNaN(epochMs) ? { reason: "the Date is invalid" } : fromEpoch(epochMs)
  }
  return { reason: "it is neither text, a Date nor a number" }
}

function fromText(text: string): string | BadTime {
  const match = iso.exec(text)
  if (match === null) return { reason: "the text is not an extended ISO 8601 date or time" }
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00", fraction = ""] = match
  const wrong = wrongField(Number(year), Number(month), Number(day), Number(hour), Number(minute), second)
  if (wrong !== undefined) return { reason: wrong }

  const micros = fraction.length < 6 ? fraction.padEnd(6, "0") : fraction.slice(0, 6)
  const offsetMinutes = toOffsetMinutes(match[9], match[10], match[11])
  if (offsetMinutes === undefined) return { reason: "the offset is out of range" }
  if (offsetMinutes === 0) {
    if (Number(year) < 1000) return { reason: "the year is outside 1000 to 9999" }
    return `${year}-${month}-${day} ${hour}:${minute}:${second}.${micros}`
  }
  // Not Date.UTC: it reads the years 0 to 99 as 1900 to 1999, and an offset may lead back over the limit.
  const localMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return fromEpoch(localMs - offsetMinutes * 60_000, micros)
}

function wrongField(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: string,
): string | undefined {
  const leapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = month === 2 && !leapYear ? 28 : lengthOfMonth[month - 1]
  if (days === undefined) return "there is no such month"
  if (day < 1 || day > days) return "the month has no such day"
  if (hour > 23) return "the hour is past 23"
  if (minute > 59) return "the minute is past 59"
  if (second === "60") return "a leap second cannot be stored"
  if (Number(second) > 59) return "the second is past 59"
  return undefined
}

function toOffsetMinutes(sign = "+", hours = "00", minutes = "00"): number | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined
  const total = Number(hours) * 60 + Number(minutes)
  return sign === "-" ? -total : total
}

/** `micros` where the text knew more of the fraction than an epoch in milliseconds does. */
function fromEpoch(epochMs: number, micros?: string): string | BadTime {
  const date = new Date(epochMs)
  const year = date.getUTCFullYear()
  if (!(year >= 1000 && year <= 9999)) return { reason: "the year is outside 1000 to 9999" }
  const text = date.toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 19)}.${micros ?? `${text.slice(20, 23)}000`}`
}
