import { isDeepStrictEqual } from "node:util"
import { type StoredRow, toExpectedRow } from "@singlesink/conformance/expected-row"
import type { Backlog } from "./backlog.ts"
import { isBad, toEvent, toNumber } from "./events.ts"

/** What the table says of the promises, with an example of each that was broken. */
export interface Judgement {
  rows: number
  /** Acknowledged, and not in the table. */
  lost: number[]
  /** In the table more than once; how many rows too many. */
  doubled: number[]
  extraRows: number
  /** In the table with other values than the event's. */
  changed: number[]
  /** In the table, though rejected or never sent. */
  stray: number[]
  /** Good, and rejected all the same; or bad, and not rejected. */
  misjudged: number[]
}

/** Compares a table with what its writers were told, by nothing of the code that wrote it. */
export async function judge(
  seed: number,
  { acknowledged, rejected, produced }: Pick<Backlog, "acknowledged" | "rejected" | "produced">,
  rows: AsyncIterable<StoredRow>,
): Promise<Judgement> {
  const seen = new Map<number, number>()
  const changed = new Set<number>()
  for await (const row of rows) {
    const number = toNumber(row.messageId)
    seen.set(number, (seen.get(number) ?? 0) + 1)
    if (!isDeepStrictEqual({ ...row }, { ...toExpectedRow(toEvent(seed, number)) })) changed.add(number)
  }
  const numbers = [...seen.keys()]
  const misjudged: number[] = []
  for (let number = 0; number < produced; number++) {
    if (rejected.has(number) !== isBad(number)) misjudged.push(number)
  }
  const total = [...seen.values()].reduce((sum, count) => sum + count, 0)
  return {
    rows: total,
    lost: [...acknowledged].filter(number => !seen.has(number)),
    doubled: numbers.filter(number => (seen.get(number) ?? 0) > 1),
    extraRows: total - seen.size,
    changed: [...changed],
    stray: numbers.filter(number => rejected.has(number) || number >= produced),
    misjudged,
  }
}
