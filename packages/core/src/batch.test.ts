import { expect, test } from "vitest"
import { createBatch, splitBatch } from "./batch.ts"
import { toChunk } from "./chunk.ts"
import { defaultColumns } from "./columns.ts"
import { createInsert } from "./insert.ts"
import { layouts } from "./layout.ts"
import { createReceipt } from "./receipt.ts"
import { findRuntime } from "./runtime.ts"

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
