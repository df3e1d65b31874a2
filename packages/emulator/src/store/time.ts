const form = /^(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?)?$/

/**
 * Completes a date or time in the engine's form to `YYYY-MM-DD HH:MM:SS.ffffff`. Returns undefined for other forms
 * (with T, Z, an offset, or more digits) and for dates that do not exist.
 */
export function readTime(text: string): string | undefined {
  const match = form.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map(part => Number(part ?? 0))
  if (year < 1000 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return `${text.slice(0, 10)} ${match[4] ?? "00"}:${match[5] ?? "00"}:${match[6] ?? "00"}.${(match[7] ?? "").padEnd(6, "0")}`
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** The zero value `0000-00-00` is not a date, so DuckDB stores the first day of the year 0. */
export const zeroDate = "0000-01-01"
export const zeroTime: string = `${zeroDate} 00:00:00.000000`

/** Writes the zero value as the engine does. */
function showZero(text: string): string {
  return text.startsWith(zeroDate) ? `0000-00-00${text.slice(zeroDate.length)}` : text
}

/** Writes a time in microseconds since 1970, with 0 or 6 fraction digits. */
export function writeTime(micros: bigint, digits: number): string {
  const seconds = micros >= 0n ? micros / 1_000_000n : (micros - 999_999n) / 1_000_000n
  const whole = showZero(new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace("T", " "))
  return digits === 0 ? whole : `${whole}.${String(micros - seconds * 1_000_000n).padStart(6, "0")}`
}

export function writeDate(days: number): string {
  return showZero(new Date(days * 86_400_000).toISOString().slice(0, 10))
}
