import { expect, test } from "vitest"
import { DeliveryError } from "../errors.ts"
import { createSink } from "../sink.ts"
import { createClock } from "../testing/clock.ts"
import { eventOf, eventsOf, idsIn } from "../testing/transport.ts"
import type { InsertRequest, InsertResult } from "../transport.ts"

const page = (ambiguous = false): InsertResult => ({
  status: "error",
  error: new DeliveryError({ code: "not_from_database", message: "A page.", ambiguous }),
})

test("After a burst of blocked events the good ones among later batches are stored", async () => {
  const clock = createClock()
  const stored: string[] = []
  async function send(request: InsertRequest): Promise<InsertResult> {
    if (request.body.includes("<script>")) return page()
    stored.push(...idsIn(request))
    return { status: "inserted", rowsAffected: request.rows }
  }
  const sink = createSink({ transport: { database: "events", send }, retry: false, runtime: clock.runtime })
  const blocked = (id: string) => eventOf(id, { event: "<script>" })
  await sink.writeBatch(Array.from({ length: 8 }, (_, index) => blocked(`b${index}`)))
  for (let round = 0; round < 5; round++) {
    await clock.advance(1_000)
    const good = eventsOf(99, round * 100)
    const outcomes = await sink.writeBatch([...good, blocked(`x${round}`)])
    expect(outcomes.map(({ status }) => status)).toEqual([...good.map(() => "stored"), "failed"])
  }
  expect(stored).toHaveLength(495)
})

test("With onAmbiguous: fail, rows are not sent again after a page that may hide a commit", async () => {
  const table: string[] = []
  async function send(request: InsertRequest): Promise<InsertResult> {
    table.push(...idsIn(request))
    return table.length > 4 ? { status: "inserted", rowsAffected: request.rows } : page(true)
  }
  const transport = { database: "events", send }
  const sink = createSink({ transport, deduplicate: false, onAmbiguous: "fail" })
  const outcomes = await sink.writeBatch(eventsOf(4))
  expect(outcomes.map(({ status }) => status)).toEqual(["failed", "failed", "failed", "failed"])
  expect(outcomes[0]).toMatchObject({ error: { ambiguous: true } })
  expect(table).toHaveLength(4)
})

test("One row that is refused as too large does not make later requests small", async () => {
  const sizes: number[] = []
  async function send({ body, rows }: InsertRequest): Promise<InsertResult> {
    if (body.includes("blocked")) return { status: "too_large" }
    sizes.push(rows)
    return { status: "inserted", rowsAffected: rows }
  }
  const sink = createSink({ transport: { database: "events", send } })
  await sink.writeBatch([eventOf("blocked", { event: "blocked" }), ...eventsOf(999)])
  sizes.length = 0
  await sink.writeBatch(eventsOf(1_000))
  expect(sizes.length).toBeLessThan(10)
})

test("A signal whose removeEventListener throws changes no outcome", async () => {
  const send = async ({ rows }: InsertRequest): Promise<InsertResult> => ({
    status: "inserted",
    rowsAffected: rows,
  })
  const sink = createSink({ transport: { database: "events", send } })
  const signal = {
    aborted: false,
    addEventListener() {},
    removeEventListener() {
      throw new Error("hunter2")
    },
  }
  const all = await Promise.all([sink.writeBatch(eventsOf(1), { signal }), sink.writeBatch(eventsOf(2, 1))])
  expect(all.flat().map(({ status }) => status)).toEqual(["stored", "stored", "stored"])
})
