import fc from "fast-check"
import { expect, test } from "vitest"
import { EventError } from "../errors.ts"
import { defaultColumns } from "../event/columns.ts"
import { createSink } from "../sink.ts"
import { createInsert } from "../table/insert.ts"
import { eventOf } from "../testing/transport.ts"
import type { InsertRequest, InsertResult } from "../transport.ts"
import { type Chunk, toSingleRows } from "./chunk.ts"

test("The single rows of a chunk are those that were encoded together, whatever is in them", () => {
  const byteLength = (text: string) => new TextEncoder().encode(text).length
  const columns = defaultColumns.slice(0, 3)
  const insert = createInsert({ table: "t", columns, deduplicate: true }, "events", byteLength)
  const row = fc.tuple(fc.jsonValue(), fc.string({ unit: "binary" }), fc.jsonValue())
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), rows => {
      const chunk = { ...insert.encode(rows.flat(), rows.length), submission: {}, offset: 3 } as Chunk
      expect(toSingleRows(chunk, insert)).toMatchObject(
        rows.map((values, index) => ({ ...insert.encode(values, 1), offset: 3 + index })),
      )
    }),
  )
})

test("An event whose depth is at the limit of JSON.stringify never harms its neighbours", async () => {
  /** Refuses requests of several rows, so that every row is sent alone. */
  const send = async ({ rows }: InsertRequest): Promise<InsertResult> =>
    rows === 1
      ? { status: "inserted", rowsAffected: 1 }
      : { status: "error", error: new EventError({ code: "value_rejected", message: "No." }) }
  const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`) as object
  const sink = createSink({ transport: { database: "events", send } })
  // The limit depends on the stack that is left, so all depths around it are tried.
  let low = 1_000
  for (let high = 12_000; high - low > 40; ) {
    const middle = (low + high) >> 1
    const [outcome] = await sink.writeBatch([eventOf(1, { properties: nested(middle) })])
    if (outcome?.status === "stored") low = middle
    else high = middle
  }
  for (let depth = low - 20; depth < low + 60; depth++) {
    const outcomes = await sink.writeBatch([
      eventOf(1),
      eventOf(2, { properties: nested(depth) }),
      eventOf(3),
    ])
    expect([outcomes[0]?.status, outcomes[2]?.status]).toEqual(["stored", "stored"])
    expect(["stored", "rejected"]).toContain(outcomes[1]?.status)
  }
})
