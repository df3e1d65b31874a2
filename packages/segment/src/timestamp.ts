/** `2026-01-31 08:30:00.5 +0000 UTC`, as Go prints a time, and what warehouses make of it. */
const spaced =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) *(?:(Z|UTC|GMT)|([+-]\d{2}:?\d{2})(?: (?:[A-Z]{1,5}|[+-]\d{2,4}))?(?: m=\S+)?)$/

/** `Sat, 31 Jan 2026 08:30:00 +0000` of RFC 2822, with the offsets that have no letters but those of UTC. */
const mail =
  /^(?:[A-Z][a-z]{2}, ?)?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}(?::\d{2})?) (?:(?:UTC|UT|GMT|Z)|([+-]\d{4}))$/

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** Epoch milliseconds of the years 2001 to 2286. Segment makes strings of numbers. */
const epochMs = /^\d{13}$/

/**
 * A time in a form that the sink takes, for the forms that Segment itself produces, such as those of Reverse ETL. Any
 * other value is returned as it is.
 */
export function toTime(value: unknown): unknown {
  if (typeof value !== "string") return value
  if (epochMs.test(value)) return Number(value)
  const [, date, time, , offset] = spaced.exec(value) ?? []
  if (date !== undefined) return `${date}T${time}${offset ?? "Z"}`
  const [, day = "", name = "", year, clock, mailOffset] = mail.exec(value) ?? []
  const month = months.indexOf(name) + 1
  if (month === 0) return value
  return `${year}-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}T${clock}${mailOffset ?? "Z"}`
}
