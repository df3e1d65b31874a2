import { expect, test } from "vitest"
import type { LiveEvent, LiveSecond, LiveSnapshot, LiveUpdate } from "../../src/live/protocol.ts"
import { countSincePause, initialState, type LiveState, maxEvents, maxSeconds, reduce } from "./state.ts"

const eventOf = (id: number): LiveEvent => ({
  id,
  at: 0,
  type: "track",
  name: "Signed Up",
  user: "u1",
  table: "segment_data",
  outcome: "stored",
  milliseconds: 4,
})
const secondOf = (at: number): LiveSecond => ({ at, stored: 1, rejected: 0, failed: 0, p50: 4, p99: 9 })
const totals = { stored: 0, rejected: 0, failed: 0, pending: 0 }
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

function snapshotOf(more: Partial<LiveSnapshot>): LiveState {
  const snapshot = {
    seconds: [],
    events: [],
    problems: [],
    violations: [],
    totals,
    showsValues: false,
    ...more,
  }
  return reduce(initialState, { kind: "snapshot", snapshot })
}

const update = (state: LiveState, more: Partial<LiveUpdate>): LiveState =>
  reduce(state, { kind: "update", update: { seconds: [], events: [], skipped: 0, totals, ...more } })

test("An event or second that is in the snapshot and in the first update is listed once", () => {
  const state = snapshotOf({ events: [eventOf(1), eventOf(2)], seconds: [secondOf(10)] })
  const next = update(state, { events: [eventOf(2), eventOf(3)], seconds: [secondOf(10), secondOf(11)] })
  expect(next.events.map(({ id }) => id)).toEqual([1, 2, 3])
  expect(next.seconds.map(({ at }) => at)).toEqual([10, 11])
})

test("The page keeps the latest events and seconds only", () => {
  let state = snapshotOf({})
  for (const first of [1, 401]) state = update(state, { events: range(first, first + 399).map(eventOf) })
  state = update(state, { seconds: range(1, 1_000).map(secondOf) })
  expect([state.events.length, state.events.at(-1)?.id]).toEqual([maxEvents, 800])
  expect([state.seconds.length, state.seconds.at(-1)?.at]).toEqual([maxSeconds, 1_000])
})

test("A paused list stays as it is while new events are counted", () => {
  const paused = reduce(snapshotOf({ events: [eventOf(1)] }), { kind: "pause" })
  const later = update(paused, { events: range(2, 900).map(eventOf) })
  expect(later.pausedEvents).toEqual([eventOf(1)])
  expect(countSincePause(later)).toBe(maxEvents)
  expect(reduce(later, { kind: "resume" }).pausedEvents).toBeUndefined()
})

test("A snapshot after a restart of the receiver replaces events with higher ids", () => {
  const state = update(snapshotOf({ events: [eventOf(500)] }), {})
  const snapshot = {
    seconds: [],
    events: [eventOf(1)],
    problems: [],
    violations: [],
    totals,
    showsValues: true,
  }
  const restarted = reduce(reduce(state, { kind: "disconnected" }), { kind: "snapshot", snapshot })
  expect(restarted).toMatchObject({ connection: "connected", events: [{ id: 1 }], showsValues: true })
})

test("Problems and violations stay when an update does not contain them", () => {
  const violation = { event: "Signed Up", paths: ["properties.plan"], count: 1, lastAt: 0 }
  const state = update(snapshotOf({ violations: [violation] }), { skipped: 5 })
  expect(state.violations).toEqual([violation])
  expect(update(state, { violations: [], skipped: 2 })).toMatchObject({ violations: [], skipped: 7 })
})
