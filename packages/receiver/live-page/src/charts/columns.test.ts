import { expect, test } from "vitest"
import { maxSeconds } from "../state.ts"
import { toColumns } from "./columns.ts"

test("The columns of a chart span three minutes, with gaps where no second is known", () => {
  const columns = toColumns([{ at: 1_000, stored: 7, rejected: 1, failed: 0, p50: 3, p99: 9 }])
  expect(columns.at).toHaveLength(maxSeconds)
  expect([columns.at.at(-1), columns.stored.at(-1), columns.p99.at(-1)]).toEqual([1_000, 7, 9])
  expect(columns.stored.slice(0, -1).every(value => value === null)).toBe(true)
})
