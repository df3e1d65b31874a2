import { describe, expect, test } from "vitest"
import { byteLength } from "../byte-length.ts"
import { defaultColumns } from "../event/columns.ts"
import { stored } from "../outcome.ts"
import { createStats } from "../stats.ts"
import { createInsert } from "../table/insert.ts"
import {
  addToBatch,
  type Batch,
  createBatch,
  dealRows,
  isPendingBatch,
  sealBatch,
  settleBatch,
  toPending,
} from "./batch.ts"
import type { Chunk } from "./chunk.ts"
import { createSubmission, type Submission, settle } from "./submission.ts"

const columns = defaultColumns.slice(0, 1)
const insert = createInsert({ table: "t", columns, deduplicate: true }, "db", byteLength)

function submit(count: number): Submission {
  const events = Array.from({ length: count }, () => ({}))
  return createSubmission(events, { mayLinger: true, stats: createStats(), done: () => {} })
}

function toChunk(values: readonly string[], submission: Submission, offset: number): Chunk {
  return { ...insert.encode(values, values.length), submission, offset }
}

function toBatch(chunks: readonly Chunk[]): Batch {
  const batch = createBatch(insert)
  for (const chunk of chunks) addToBatch(batch, chunk, insert)
  return batch
}

/** A batch of rows with strings of these lengths, in chunks of so many rows. */
function batchOf(lengths: readonly number[], rowsPerChunk: number): Batch {
  const submission = submit(lengths.length)
  const chunks: Chunk[] = []
  for (let offset = 0; offset < lengths.length; offset += rowsPerChunk) {
    const values = lengths.slice(offset, offset + rowsPerChunk).map(length => "x".repeat(length))
    chunks.push(toChunk(values, submission, offset))
  }
  return toBatch(chunks)
}

const valuesOf = (batch: Batch) => batch.chunks.flatMap(({ args }) => JSON.parse(`[${args}]`) as string[])
const lengthsOf = (batch: Batch) => valuesOf(batch).map(text => text.length)
const offsetsOf = (batch: Batch) => batch.chunks.map(({ offset }) => offset)

function expectExact(batch: Batch & { body: string }): void {
  expect(batch.rows).toBe(batch.chunks.reduce((sum, chunk) => sum + chunk.rows, 0))
  expect(batch.bytes).toBe(Buffer.byteLength(batch.body))
  expect(batch.body).toBe(insert.toBody(batch.chunks, batch.rows))
}

describe("dealRows", () => {
  test.each([1, 2, 3, 5])("dealRows puts every row of any chunks into exactly one of %i pieces", parts => {
    for (const rowsPerChunk of [1, 3, 7]) {
      const lengths = [3, 0, 1, 4, 9, 2, 6]
      const pieces = dealRows(batchOf(lengths, rowsPerChunk), parts, insert)
      expect(pieces).toHaveLength(parts)
      for (const piece of pieces) {
        expectExact(piece)
        expect(lengthsOf(piece)).toEqual(offsetsOf(piece).map(offset => lengths[offset]))
        expect(Math.abs(piece.rows - 7 / parts)).toBeLessThan(1)
      }
      expect(pieces.flatMap(offsetsOf).sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    }
  })

  test("dealRows makes one piece for each row if there are fewer rows than parts", () => {
    const pieces = dealRows(batchOf([1, 2, 3], 3), 64, insert)
    expect(pieces.map(({ rows }) => rows)).toEqual([1, 1, 1])
  })
})

describe("sealBatch", () => {
  test("The text of each chunk stays the same when it becomes a slice of the body, in any script", () => {
    for (const rowsPerChunk of [1, 3]) {
      const { chunks } = batchOf([3, 0, 700, 5, 1], rowsPerChunk)
      const batch = toBatch([...chunks, toChunk(["é😀\ud800", '"],['], submit(2), 0)])
      const before = batch.chunks.map(({ args }) => args)
      const sealed = sealBatch(batch, insert)
      expectExact(sealed)
      expect(sealed.chunks.map(({ args }) => args)).toEqual(before)
      expect(JSON.parse(sealed.body).args).toHaveLength(7)
    }
  })
})

describe("the rows of a batch that have no outcome", () => {
  test("toPending returns the same batch while every row is pending", () => {
    const batch = sealBatch(batchOf([1, 2], 1), insert)
    expect(isPendingBatch(batch)).toBe(true)
    expect(toPending(batch, insert)).toBe(batch)
  })

  test("toPending leaves out the rows that have their outcome, and the batch that remains gets a new body", () => {
    const [left, right] = [submit(1), submit(1)]
    const batch = sealBatch(toBatch([toChunk(["a"], left, 0), toChunk(["b"], right, 0)]), insert)
    settle({ submission: left, offset: 0, rows: 1 }, stored)
    const pending = toPending(batch, insert)
    if (pending === undefined) throw new Error("a row is pending")
    expect(valuesOf(pending)).toEqual(["b"])
    const sealed = sealBatch(pending, insert)
    expectExact(sealed)
    expect(sealBatch(sealed, insert)).toBe(sealed)
    expect(batch.rows).toBe(2)
  })

  test("toPending returns undefined if every row has its outcome", () => {
    const batch = sealBatch(batchOf([1, 2], 1), insert)
    expect(settleBatch(batch, stored)).toBe(2)
    expect(settleBatch(batch, stored)).toBe(0)
    expect(isPendingBatch(batch)).toBe(false)
    expect(toPending(batch, insert)).toBeUndefined()
  })
})
