import { describe, expect, test } from "vitest"
import { createModelClock } from "./model/clock.ts"
import type { RowKind } from "./model/commands.ts"
import {
  createModelSink,
  type ModelEvent,
  type ModelSink,
  type Result,
  type SinkSettings,
} from "./model/sink-api.ts"
import { createModelTable, type Fate, type ModelTable, type TableRequest } from "./model/table.ts"
import { toEvent } from "./model/world.ts"

interface Stage {
  sink: ModelSink
  table: ModelTable
  /** Moves the clock and wakes the sleepers that are due. */
  advance(milliseconds: number): Promise<void>
  /** Answers the chosen requests, including those that follow, until there is none. */
  answer(isChosen?: (request: TableRequest) => boolean): Promise<void>
}

const retry = { baseDelayMs: 100, maxAttempts: 4 }

function createStage(settings: Pick<SinkSettings, "bisect" | "limits" | "retry"> = {}): Stage {
  const clock = createModelClock()
  const table = createModelTable({ deduplicate: true, isEager: true, arrived: () => {} })
  const { now, sleep } = clock
  const sink = createModelSink({ retry, ...settings, now, sleep, random: () => 0.5, send: table.send })
  return {
    sink,
    table,
    async advance(milliseconds) {
      const until = clock.now() + milliseconds
      await drained()
      while (clock.wakeNext(until)) await drained()
      clock.set(until)
    },
    async answer(isChosen = () => true) {
      await drained()
      for (let at = table.held.findIndex(isChosen); at >= 0; at = table.held.findIndex(isChosen)) {
        table.answer(at)
        await drained()
      }
    },
  }
}

const drained = (): Promise<void> => new Promise(resolve => process.nextTick(resolve))

const toEvents = (...kinds: RowKind[]): ModelEvent[] =>
  kinds.map((kind, index) => toEvent(`e${index + 1}`, { kind, padding: 0 }))

/** Whether a promise is settled when nothing more can happen without an answer or the clock. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.then(() => {
    settled = true
  })
  await drained()
  return settled
}

/** Every event is in the table, and its outcome is stored or ambiguous. */
function expectStoredOrAmbiguous(table: ModelTable, results: readonly Result[]): void {
  for (const [index, result] of results.entries()) {
    expect(table.has(`e${index + 1}`)).toBe(true)
    if (result.status !== "stored") expect(result.error).toMatchObject({ ambiguous: true })
  }
}

describe("flush and close", () => {
  const holdsLate = ({ rows }: TableRequest) =>
    rows.some(({ id }) => id === "e3") && rows.every(({ mark }) => mark === null)

  test("flush() resolves after the last event has its outcome, even if another batch ends before that", async () => {
    const { sink, answer } = createStage({ limits: { maxInFlight: 2 } })
    const batch = sink.writeBatch(toEvents("good", "known", "good"))
    await drained()
    const flushed = sink.flush()
    await answer(request => !holdsLate(request))
    void sink.writeBatch([toEvent("other", { kind: "good", padding: 0 })])
    await answer(request => !holdsLate(request))
    expect(await isSettled(batch)).toBe(false)
    expect(await isSettled(flushed)).toBe(false)
    await answer()
    expect(await batch).toMatchObject([{ status: "stored" }, { status: "rejected" }, { status: "stored" }])
    expect(await isSettled(flushed)).toBe(true)
  })

  test("flush() resolves after an abort although the request of the aborted events hangs", async () => {
    const { sink, table } = createStage({ limits: { maxInFlight: 1 } })
    table.arm("hangs_before_commit")
    const controller = new AbortController()
    const batch = sink.writeBatch(toEvents("good"), controller.signal)
    await drained()
    const queued = sink.writeBatch([toEvent("queued", { kind: "good", padding: 0 })], controller.signal)
    const flushed = sink.flush()
    expect(await isSettled(flushed)).toBe(false)
    controller.abort()
    expect(await batch).toMatchObject([{ status: "failed", error: { code: "aborted", ambiguous: true } }])
    expect(await queued).toMatchObject([{ status: "failed", error: { code: "aborted", ambiguous: false } }])
    expect(await isSettled(flushed)).toBe(true)
    expect(await isSettled(sink.flush())).toBe(true)
    expect(await isSettled(sink.close())).toBe(true)
  })

  test("close() resolves after the last event has its outcome, even if another batch ends before that", async () => {
    const { sink, table, answer } = createStage({ limits: { maxInFlight: 2 } })
    const batch = sink.writeBatch(toEvents("good", "known", "good"))
    await drained()
    const other = sink.writeBatch([toEvent("other", { kind: "good", padding: 0 })])
    await drained()
    expect(table.held).toHaveLength(2)
    const closed = sink.close()
    const isOther = ({ rows }: TableRequest) => rows.some(({ id }) => id === "other")
    await answer(request => !isOther(request) && !holdsLate(request))
    await answer(isOther)
    expect(await other).toMatchObject([{ status: "stored" }])
    expect(await isSettled(batch)).toBe(false)
    expect(await isSettled(closed)).toBe(false)
    await answer()
    expect(await batch).toMatchObject([{ status: "stored" }, { status: "rejected" }, { status: "stored" }])
    expect(await closed).toEqual([])
  })
})

test("A good row is never rejected, even if the size limit shrinks during the search for bad rows", async () => {
  const { sink, table, answer } = createStage()
  const kinds: [RowKind, number][] = [
    ["unknown", 0],
    ["unknown", 250],
    ["known", 0],
    ["good", 0],
  ]
  const batch = sink.writeBatch(
    kinds.map(([kind, padding], index) => toEvent(`e${index + 1}`, { kind, padding })),
  )
  table.changeAfter(1, { maxBytes: 1_000 })
  await answer()
  for (const [index, { status }] of (await batch).entries()) {
    if (status !== "rejected") continue
    expect(kinds[index]?.[0]).toBe("known")
    expect(table.requests.some(({ rows }) => rows.length === 1 && rows[0]?.id === `e${index + 1}`)).toBe(true)
  }
})

describe("an event that may have been stored by a request without an answer", () => {
  /** Events whose first request was committed, and its answer lost. */
  async function loseAnswer(stage: Stage, count = 4): Promise<{ batch: Promise<Result[]>; abort(): void }> {
    const controller = new AbortController()
    stage.table.arm("lost_after_commit")
    const events = toEvents(...Array.from({ length: count }, () => "known" as const))
    stage.table.changeAfter(0, { isStrict: false })
    const batch = stage.sink.writeBatch(events, controller.signal)
    await stage.answer()
    expect(stage.table.has("e1")).toBe(true)
    return { batch, abort: () => controller.abort() }
  }

  test("An event stays ambiguous if its batch is split as too large and close() reaches its deadline", async () => {
    const stage = createStage()
    const { batch } = await loseAnswer(stage)
    stage.table.changeAfter(0, { maxBytes: 600 })
    await stage.advance(1_000)
    await stage.answer(({ rows }) => rows.length === 4)
    const closed = stage.sink.close(50)
    await stage.advance(50)
    expectStoredOrAmbiguous(stage.table, await batch)
    expect(await closed).toHaveLength(4)
  })

  test("An event stays ambiguous if its batch is split as too large and then aborted", async () => {
    const stage = createStage()
    const { batch, abort } = await loseAnswer(stage)
    stage.table.changeAfter(0, { maxBytes: 600 })
    await stage.advance(1_000)
    await stage.answer(({ rows }) => rows.length === 4)
    abort()
    expectStoredOrAmbiguous(stage.table, await batch)
  })

  test("An event stays ambiguous if its batch is aborted while another part of it is in flight", async () => {
    const stage = createStage()
    const { batch, abort } = await loseAnswer(stage)
    stage.table.changeAfter(0, { isStrict: true })
    await stage.advance(1_000)
    await stage.answer(({ rows }) => rows.length === 4)
    abort()
    expectStoredOrAmbiguous(stage.table, await batch)
  })

  test.each<[NonNullable<SinkSettings["bisect"]>, Fate[]]>([
    ["sequential", ["lost_after_commit", "hangs_before_commit"]],
    ["parallel", ["hangs_before_commit", "lost_after_commit"]],
  ])(
    "In %s mode the event of a lost piece that is not retried is ambiguous if another piece hangs when the batch is aborted",
    async (bisect, fates) => {
      for (const kinds of [
        ["known", "good"],
        ["good", "known"],
      ] as const) {
        const { sink, table, answer } = createStage({ bisect, retry: false })
        const controller = new AbortController()
        const batch = sink.writeBatch(toEvents(...kinds), controller.signal)
        await drained()
        table.changeAfter(1, { isStrict: false })
        for (const fate of fates) table.arm(fate)
        await answer()
        controller.abort()
        const results = await batch
        const { rows } = table.requests.find(({ fate }) => fate === "lost_after_commit") as TableRequest
        expect(rows).toHaveLength(1)
        const id = rows[0]?.id as string
        expect(table.has(id)).toBe(true)
        expect(results[Number(id.slice(1)) - 1]).toMatchObject({
          status: "failed",
          error: { code: "connection_lost", ambiguous: true },
        })
      }
    },
  )

  test("An event stays ambiguous if the credentials become invalid before the retry", async () => {
    const stage = createStage()
    const { batch } = await loseAnswer(stage)
    stage.table.changeAfter(0, { isDenied: true })
    await stage.advance(1_000)
    await stage.answer()
    expectStoredOrAmbiguous(stage.table, await batch)
  })

  test("An event stays ambiguous if the retry is too large for a request with this event alone", async () => {
    const stage = createStage()
    const { batch } = await loseAnswer(stage, 1)
    stage.table.changeAfter(0, { maxBytes: 100 })
    await stage.advance(1_000)
    await stage.answer()
    expectStoredOrAmbiguous(stage.table, await batch)
  })

  test("An event stays ambiguous if the table refuses its value in the retry", async () => {
    const stage = createStage()
    const { batch } = await loseAnswer(stage, 1)
    stage.table.changeAfter(0, { isStrict: true })
    await stage.advance(1_000)
    await stage.answer()
    expectStoredOrAmbiguous(stage.table, await batch)
  })

  test("An event is ambiguous if the transport throws something that is not one of the three errors", async () => {
    const stage = createStage()
    stage.table.arm("nonsense_after_commit")
    const batch = stage.sink.writeBatch(toEvents("good"))
    await stage.answer()
    expectStoredOrAmbiguous(stage.table, await batch)
  })
})

describe("a full batch with a few bad rows", () => {
  const rows = 5_000
  const badRows = 50

  /** Different positions in a random but fixed order. */
  function toShuffled(): Set<number> {
    const positions = new Set<number>()
    for (let seed = 1; positions.size < badRows; positions.add(seed % rows))
      seed = (seed * 48_271) % 2_147_483_647
    return positions
  }

  test.each<[string, Set<number>]>([
    ["scattered", toShuffled()],
    ["side by side", new Set(Array.from({ length: badRows }, (_, index) => 2_345 + index))],
  ])(
    "Of 5,000 rows with 50 bad ones %s, every good row is stored and every bad row is rejected",
    async (_, bad) => {
      const { sink, table, answer } = createStage()
      const events = toEvents(
        ...Array.from({ length: rows }, (_, index) => (bad.has(index) ? "known" : "good")),
      )
      const batch = sink.writeBatch(events)
      await answer()
      const results = await batch
      expect(table.requests[0]?.rows).toHaveLength(rows)
      const isRight = ({ status }: Result, index: number) =>
        status === (bad.has(index) ? "rejected" : "stored")
      expect(results.filter(isRight)).toHaveLength(rows)
      expect(table.requests.length).toBeLessThanOrEqual(25 * badRows)
    },
  )
})
