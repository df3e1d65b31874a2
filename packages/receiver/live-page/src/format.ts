const counts = new Intl.NumberFormat("en")
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" })

/** Such as `12,345`. */
export const toCount = (count: number): string => counts.format(count)

/** Such as `1 event` or `12,345 events`. */
export const toPlural = (count: number, noun: string): string =>
  `${toCount(count)} ${noun}${count === 1 ? "" : "s"}`

/** Such as `4.2 ms` or `1.25 s`. */
export function toDuration(milliseconds: number): string {
  if (milliseconds >= 1_000) return `${(milliseconds / 1_000).toFixed(2)} s`
  return `${milliseconds < 10 && milliseconds > 0 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`
}

/** The local time of day, such as `14:03:59`. */
export const toClock = (at: number): string => clock.format(at)
