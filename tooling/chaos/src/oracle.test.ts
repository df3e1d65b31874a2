import { type StoredRow, toExpectedRow } from "@singlesink/conformance/expected-row"
import { expect, test } from "vitest"
import { isBad, toEvent } from "./events.ts"
import { checkTable } from "./oracle.ts"

const seed = 7
const numbers = Array.from({ length: 30 }, (_, number) => number)
const good = numbers.filter(number => !isBad(number))
const bad = numbers.filter(isBad)
const toRow = (number: number) => toExpectedRow(toEvent(seed, number))

/** Checks these rows. By default all good events were acknowledged and all bad ones rejected. */
function checkRows(rows: readonly StoredRow[], { acknowledged = good, rejected = bad } = {}) {
  async function* read() {
    yield* rows
  }
  const outcomes = {
    acknowledged: new Set(acknowledged),
    rejected: new Set(rejected),
    produced: numbers.length,
  }
  return checkTable(seed, outcomes, read())
}

const nothingWrong = { lost: [], doubled: [], extraRows: 0, changed: [], unexpected: [], misjudged: [] }

test("The oracle finds nothing wrong in a correct table", async () => {
  expect(bad.length).toBeGreaterThan(0)
  expect(await checkRows(good.map(toRow))).toEqual({ ...nothingWrong, rows: good.length })
})

test("Only an acknowledged event without a row is lost", async () => {
  const rows = good.filter(number => number !== 3).map(toRow)
  expect(await checkRows(rows)).toMatchObject({ ...nothingWrong, lost: [3] })
  expect(await checkRows(rows, { acknowledged: good.filter(number => number !== 3) })).toMatchObject(
    nothingWrong,
  )
})

test("Each additional row of an event is counted", async () => {
  const rows = [...good, 4, 4, 5].map(toRow)
  expect(await checkRows(rows)).toMatchObject({ ...nothingWrong, doubled: [4, 5], extraRows: 3 })
})

test("A row with a different nested value is reported as changed", async () => {
  const rows = good.map(toRow)
  const [row] = rows
  if (row) rows[0] = { ...row, context: { ...(row.context as object), library: { name: "other" } } }
  expect(await checkRows(rows)).toMatchObject({ ...nothingWrong, changed: [good[0]] })
})

test("A row of a rejected event and a row of an event that was never sent are unexpected", async () => {
  const [number = 0] = bad
  const rejectedRow = { ...toRow(1), messageId: `${seed}-${number}` }
  const unknownRow = { ...toRow(1), messageId: `${seed}-999` }
  const { unexpected } = await checkRows([...good.map(toRow), rejectedRow, unknownRow])
  expect(unexpected).toEqual([number, 999])
})

test("A rejected good event and an accepted bad event are misjudged", async () => {
  const { misjudged } = await checkRows(good.map(toRow), { rejected: [2] })
  expect(misjudged).toEqual([2, ...bad])
})
