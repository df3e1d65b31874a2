import { type StoredRow, toExpectedRow } from "@singlesink/conformance/expected-row"
import { expect, test } from "vitest"
import { isBad, toEvent } from "./events.ts"
import { judge } from "./oracle.ts"

const seed = 7
const numbers = Array.from({ length: 30 }, (_, number) => number)
const good = numbers.filter(number => !isBad(number))
const bad = numbers.filter(isBad)
const toRow = (number: number) => toExpectedRow(toEvent(seed, number))

/** Judges these rows, where all good events were acknowledged and all bad ones rejected. */
function judgeRows(rows: readonly StoredRow[], { acknowledged = good, rejected = bad } = {}) {
  async function* read() {
    yield* rows
  }
  const told = { acknowledged: new Set(acknowledged), rejected: new Set(rejected), produced: numbers.length }
  return judge(seed, told, read())
}

const nothingWrong = { lost: [], doubled: [], extraRows: 0, changed: [], stray: [], misjudged: [] }

test("a table that is as it should be has nothing wrong", async () => {
  expect(bad.length).toBeGreaterThan(0)
  expect(await judgeRows(good.map(toRow))).toEqual({ ...nothingWrong, rows: good.length })
})

test("an acknowledged event without a row is lost; one that was never acknowledged is not", async () => {
  const rows = good.filter(number => number !== 3).map(toRow)
  expect(await judgeRows(rows)).toMatchObject({ ...nothingWrong, lost: [3] })
  expect(await judgeRows(rows, { acknowledged: good.filter(number => number !== 3) })).toMatchObject(
    nothingWrong,
  )
})

test("a second and a third row of an event are counted", async () => {
  const rows = [...good, 4, 4, 5].map(toRow)
  expect(await judgeRows(rows)).toMatchObject({ ...nothingWrong, doubled: [4, 5], extraRows: 3 })
})

test("a row with another value is found, however deep", async () => {
  const rows = good.map(toRow)
  const [row] = rows
  if (row) rows[0] = { ...row, context: { ...(row.context as object), library: { name: "other" } } }
  expect(await judgeRows(rows)).toMatchObject({ ...nothingWrong, changed: [good[0]] })
})

test("a row of a rejected event and one of an event that was never sent are stray", async () => {
  const [number = 0] = bad
  const strayRow = { ...toRow(1), messageId: `${seed}-${number}` }
  const unknownRow = { ...toRow(1), messageId: `${seed}-999` }
  const { stray } = await judgeRows([...good.map(toRow), strayRow, unknownRow])
  expect(stray).toEqual([number, 999])
})

test("a good event that was rejected and a bad one that was not are misjudged", async () => {
  const { misjudged } = await judgeRows(good.map(toRow), { rejected: [2] })
  expect(misjudged).toEqual([2, ...bad])
})
