import { isDeepStrictEqual } from "node:util"
import { type StoredRow, toExpectedRow } from "@singlesink/conformance/expected-row"
import type { Backlog } from "./backlog.ts"
import { isBad, toEvent, toNumber } from "./events.ts"

/** The numbers of the events that break a promise, as found in the table. */
export interface TableCheck {
  rows: number
  /** Acknowledged, but not in the table. */
  lost: number[]
  /** In the table more than once. */
  doubled: number[]
  /** Rows of doubled events beyond the first. */
  extraRows: number
  /** In the table with values that differ from the event. */
  changed: number[]
  /** In the table, but rejected or never sent. */
  unexpected: number[]
  /** A good event that was rejected, or a bad event that was not. */
  misjudged: number[]
}

/** Compares a table with the outcomes of its writers. It uses none of the code under test. */
export async function checkTable(
  seed: number,
  { acknowledged, rejected, produced }: Pick<Backlog, "acknowledged" | "rejected" | "produced">,
  rows: AsyncIterable<StoredRow>,
): Promise<TableCheck> {
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
    unexpected: numbers.filter(number => rejected.has(number) || number >= produced),
    misjudged,
  }
}
