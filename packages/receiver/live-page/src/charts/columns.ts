import type { LiveSecond } from "../../../src/live/protocol.ts"
import { maxSeconds } from "../state.ts"

type Numbers = (number | null)[]

/** The seconds as a chart needs them: one array for each number. */
export interface Columns {
  readonly at: number[]
  readonly stored: Numbers
  readonly rejected: Numbers
  readonly failed: Numbers
  readonly p50: Numbers
  readonly p99: Numbers
}

/** The latest seconds up to the newest one. Before the first one there are gaps, so that the axis has one length. */
export function toColumns(seconds: readonly LiveSecond[]): Columns {
  const columns: Columns = { at: [], stored: [], rejected: [], failed: [], p50: [], p99: [] }
  const last = seconds.at(-1)?.at ?? Math.floor(Date.now() / 1_000)
  const byTime = new Map(seconds.map(second => [second.at, second]))
  for (let at = last - maxSeconds + 1; at <= last; at++) {
    const second = byTime.get(at)
    columns.at.push(at)
    columns.stored.push(second?.stored ?? null)
    columns.rejected.push(second?.rejected ?? null)
    columns.failed.push(second?.failed ?? null)
    columns.p50.push(second?.p50 ?? null)
    columns.p99.push(second?.p99 ?? null)
  }
  return columns
}
