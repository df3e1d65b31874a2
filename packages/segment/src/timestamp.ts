/** `2026-01-31 08:30:00.5 +0000 UTC`, as Go prints a time, and what warehouses make of it. */
const spaced =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) *(?:(Z|UTC|GMT)|([+-]\d{2}:?\d{2})(?: (?:[A-Z]{1,5}|[+-]\d{2,4}))?(?: m=\S+)?)$/

/** A remark in parentheses, such as the name of a zone. */
const remark = String.raw`(?: \([^()]*\))?`

/** `Sat, 31 Jan 2026 08:30:00 +0000` of RFC 2822. */
const mail = new RegExp(
  String.raw`^(?:[A-Z][a-z]{2}, ?)?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}(?::\d{2})?) ([+-]\d{4}|[A-Z]{1,3})${remark}$`,
)

/** `Sat Jan 31 2026 08:30:00 GMT+0000 (Coordinated Universal Time)`, as JavaScript prints a time. */
const printed = new RegExp(
  String.raw`^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{4})${remark}$`,
)

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** The zones that RFC 2822 knows by name. */
const zones: Readonly<Record<string, string>> = {
  ...{ UT: "Z", UTC: "Z", GMT: "Z", Z: "Z" },
  ...{ EDT: "-0400", EST: "-0500", CDT: "-0500", CST: "-0600" },
  ...{ MDT: "-0600", MST: "-0700", PDT: "-0700", PST: "-0800" },
}

/** Epoch milliseconds of the years 2001 to 2286, or epoch seconds. Segment makes strings of numbers. */
const epoch = /^\d{10}(?:\d{3})?$/

/**
 * A time in a form that the sink takes, for the forms that Segment itself produces, such as those of Reverse ETL. Any
 * other value is returned as it is.
 */
export function toTime(value: unknown): unknown {
  // Almost every time is ISO 8601 already, and the expressions below are slow.
  if (typeof value !== "string" || (value[10] === "T" && value.endsWith("Z"))) return value
  if (epoch.test(value)) return Number(value)
  const [, date, time, , offset] = spaced.exec(value) ?? []
  if (date !== undefined) return `${date}T${time}${offset ?? "Z"}`
  const [, day, month, year, clock, zone = ""] = mail.exec(value) ?? []
  if (day !== undefined) return toIso(year, month, day, clock, zones[zone] ?? zone) ?? value
  const [, name, number, ofYear, hour, gmt = ""] = printed.exec(value) ?? []
  return toIso(ofYear, name, number, hour, gmt) ?? value
}

function toIso(year = "", name = "", day = "", clock = "", offset: string): string | undefined {
  const month = months.indexOf(name) + 1
  if (month === 0) return undefined
  return `${year}-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}T${clock}${offset}`
}
