/** A part of the rows: those in a span of time, and of them those whose ids are between two others. */
export interface Range {
  /** Both ends belong to it, in microseconds since 1970. Without it the rows are not divided by time. */
  readonly time?: { readonly from: bigint; readonly to: bigint } | undefined
  readonly ids?: { readonly after: string | undefined; readonly upTo: string | undefined } | undefined
}

/** The two halves of a range in time; undefined if it cannot be halved. */
export function halve({ time, ids }: Range): [Range, Range] | undefined {
  if (time === undefined || ids !== undefined || time.from >= time.to) return undefined
  const middle = time.from + (time.to - time.from) / 2n
  return [{ time: { from: time.from, to: middle } }, { time: { from: middle + 1n, to: time.to } }]
}

/** Reads a time as the database writes it. @throws Error if it is not one */
export function parseTime(text: string): bigint {
  const [, date, time = "00:00:00", fraction = ""] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?)?$/.exec(text) ?? []
  const milliseconds = Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(milliseconds)) throw new Error("The database returned a time that cannot be read.")
  return BigInt(milliseconds) * 1_000n + BigInt(fraction.padEnd(6, "0"))
}

/** Writes a time as the database reads it. */
export function formatTime(microseconds: bigint): string {
  const second = 1_000_000n
  const fraction = ((microseconds % second) + second) % second
  const [text = ""] = new Date(Number((microseconds - fraction) / 1_000n)).toISOString().split(".")
  return `${text.replace("T", " ")}.${String(fraction).padStart(6, "0")}`
}
