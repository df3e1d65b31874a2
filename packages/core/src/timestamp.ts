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
 * Any time we accept, as the UTC text of a DATETIME(6): `YYYY-MM-DD HH:MM:SS.ffffff`. Digits beyond the sixth are
 * cut, not rounded: a time is never moved into the next second or year. With `keepsDigits` a time that is in UTC
 * already keeps the digits it came with.
 */
export function toDatetime(value: unknown, keepsDigits = false): string | BadTime {
  if (typeof value === "string") return fromText(value, keepsDigits)
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return { reason: "the number is not a whole count of epoch milliseconds" }
    return fromEpoch(value, keepsDigits)
  }
  if (Object.prototype.toString.call(value) === "[object Date]") {
    const epochMs = Number((value as Date).getTime())
    return Number.isNaN(epochMs) ? { reason: "the Date is invalid" } : fromEpoch(epochMs, keepsDigits)
  }
  return { reason: "it is neither text, a Date nor a number" }
}

/** What most clients send, with nothing left to check: milliseconds, UTC, a day that every such month has. */
const usual =
  /^[1-9]\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

function fromText(text: string, keepsDigits: boolean): string | BadTime {
  if (usual.test(text)) return `${text.slice(0, 10)} ${text.slice(11, 23)}${keepsDigits ? "" : "000"}`
  const match = iso.exec(text)
  if (match === null) return { reason: "the text is not an extended ISO 8601 date or time" }
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00", fraction = ""] = match
  const wrong = wrongField(Number(year), Number(month), Number(day), Number(hour), Number(minute), second)
  if (wrong !== undefined) return { reason: wrong }

  const [, , , , , , , , zulu, sign] = match
  if (sign === undefined) {
    if (Number(year) < 1000) return { reason: outOfRange }
    if (keepsDigits) return keepDigits(text, fraction, zulu)
    return `${year}-${month}-${day} ${hour}:${minute}:${second}.${toMicros(fraction)}`
  }
  const offsetMinutes = toOffsetMinutes(sign, match[10], match[11])
  if (offsetMinutes === undefined) return { reason: "the offset is out of range" }
  // Not Date.UTC: it reads the years 0 to 99 as 1900 to 1999, and an offset may lead back over the limit.
  const localMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return fromEpoch(localMs - offsetMinutes * 60_000, false, toMicros(fraction))
}

function toMicros(fraction: string): string {
  return fraction.length < 6 ? fraction.padEnd(6, "0") : fraction.slice(0, 6)
}

/** The text itself, with a space for the T, without the Z, and with six digits of the fraction at most. */
function keepDigits(text: string, fraction: string, zulu = ""): string {
  const end = text.length - zulu.length - Math.max(0, fraction.length - 6)
  return text.slice(0, end).replace(/[Tt]/, " ").replace(",", ".")
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

function toOffsetMinutes(sign: string, hours = "00", minutes = "00"): number | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined
  const total = Number(hours) * 60 + Number(minutes)
  return sign === "-" ? -total : total
}

const outOfRange = "the year is outside 1000 to 9999"

/** `micros` where the text knew more of the fraction than an epoch in milliseconds does. */
function fromEpoch(epochMs: number, keepsDigits: boolean, micros?: string): string | BadTime {
  const date = new Date(epochMs)
  const year = date.getUTCFullYear()
  if (!(year >= 1000 && year <= 9999)) return { reason: outOfRange }
  const text = date.toISOString()
  const seconds = `${text.slice(0, 10)} ${text.slice(11, 19)}`
  if (keepsDigits) return `${seconds}.${text.slice(20, 23)}`
  return `${seconds}.${micros ?? `${text.slice(20, 23)}000`}`
}
