import { describe, expect, test } from "vitest"
import { defaultColumns } from "../event/columns.ts"
import { layouts } from "../layout.ts"
import { stored } from "../outcome.ts"
import { findRuntime } from "../runtime.ts"
import { createInsert } from "../table/insert.ts"
import { createBatch, pruneBatch, splitBatch, toBatchBody } from "./batch.ts"
import { toChunk } from "./chunk.ts"
import { createReceipt, settleReceipt } from "./submission.ts"

const insert = createInsert("t", defaultColumns.slice(0, 1), "db", layouts.keyed, findRuntime())
const runtime = findRuntime()
const receipt = createReceipt([], true, () => {})

/** A batch of rows with texts of these lengths, in chunks of these many rows. */
function batchOf(lengths: readonly number[], rowsPerChunk: number) {
  const chunks = []
  for (let first = 0; first < lengths.length; first += rowsPerChunk) {
    const values = lengths.slice(first, first + rowsPerChunk).map(length => "x".repeat(length))
    chunks.push(toChunk(values, { rows: values.length, receipt, first }, runtime))
  }
  return createBatch(insert, chunks)
}

const lengthsOf = (batch: ReturnType<typeof batchOf>) =>
  batch.chunks.flatMap(({ args }) => (JSON.parse(`[${args}]`) as string[]).map(text => text.length))

test.each([
  [
    [10, 10, 10, 10],
    [10, 10],
    [10, 10],
  ],
  [[10, 10, 10], [10], [10, 10]],
  [[1_000, 1, 1, 1], [1_000], [1, 1, 1]],
  [[1, 1, 1, 1_000], [1, 1, 1], [1_000]],
  [[5, 5], [5], [5]],
  [[1, 1_000], [1], [1_000]],
])("rows of %j bytes are split into %j and %j, however they were encoded", (lengths, left, right) => {
  for (const rowsPerChunk of [1, 2, 4]) {
    const batch = batchOf(lengths, rowsPerChunk)
    const halves = splitBatch(batch, insert, 1, runtime)
    expect(halves.map(lengthsOf)).toEqual([left, right])
    expect(halves.flatMap(half => half.chunks.map(({ first }) => first))).toEqual(
      lengths.map((_, index) => index),
    )
    for (const half of halves) {
      expect(half.rows).toBe(half.chunks.length)
      expect(half.bytes).toBe(Buffer.byteLength(insert.toBody(half.chunks, half.rows)))
    }
    expect(batch.bytes).toBe(Buffer.byteLength(insert.toBody(batch.chunks, batch.rows)))
  }
})

describe("once the body is made", () => {
  test("each row's own text is the piece of it that it was before, in any script", () => {
    for (const rowsPerChunk of [1, 3]) {
      const batch = batchOf([3, 0, 700, 5, 1], rowsPerChunk)
      batch.chunks.push(toChunk(["é😀\ud800", '"],['], { rows: 2, receipt, first: 5 }, runtime))
      batch.rows += 2
      const before = batch.chunks.map(({ args }) => args)
      const body = toBatchBody(batch, insert)
      expect(body).toBe(insert.toBody(batch.chunks, batch.rows))
      expect(batch.chunks.map(({ args }) => args)).toEqual(before)
      expect(JSON.parse(body).args).toHaveLength(7)
    }
  })

  test("it is made once, and anew where rows have left the batch", () => {
    const [left, right] = [createReceipt([{}], true, () => {}), createReceipt([{}], true, () => {})]
    const chunks = [left, right].map(receipt => toChunk(["x"], { rows: 1, receipt, first: 0 }, runtime))
    const batch = createBatch(insert, chunks)
    expect(toBatchBody(batch, insert)).toBe(toBatchBody(batch, insert))
    settleReceipt(left, 0, 1, stored)
    pruneBatch(batch, insert)
    expect(JSON.parse(toBatchBody(batch, insert)).args).toEqual(["x"])
  })
})
