import { expect, test } from "vitest"
import { createCap } from "./cap.ts"
import type { SinkEvent } from "./observe.ts"
import { findRuntime } from "./runtime.ts"

function createTimed() {
  let now = 0
  const observed: SinkEvent[] = []
  const cap = createCap(1_000_000, { ...findRuntime(), now: () => now }, event => void observed.push(event))
  return { cap, observed, wait: (milliseconds: number) => (now += milliseconds) }
}

test("is the limit until something is learned, and half of what was refused then", () => {
  const { cap, observed } = createTimed()
  expect(cap.maxBytes()).toBe(1_000_000)
  cap.learn(900_001)
  expect(cap.maxBytes()).toBe(450_001)
  expect(observed).toEqual([{ type: "learned_cap", maxBytes: 450_001 }])
})

test("a smaller refusal lowers it, a larger or equal one says nothing new", () => {
  const { cap, observed } = createTimed()
  cap.learn(900_000)
  cap.learn(950_000)
  cap.learn(900_000)
  expect(cap.maxBytes()).toBe(450_000)
  cap.learn(400_000)
  expect(cap.maxBytes()).toBe(200_000)
  expect(observed).toHaveLength(2)
})

test("is forgotten after five minutes, and that is told once", () => {
  const { cap, observed, wait } = createTimed()
  cap.learn(900_000)
  wait(299_999)
  expect(cap.maxBytes()).toBe(450_000)
  wait(1)
  expect(cap.maxBytes()).toBe(1_000_000)
  expect(cap.maxBytes()).toBe(1_000_000)
  expect(observed).toEqual([
    { type: "learned_cap", maxBytes: 450_000 },
    { type: "learned_cap", maxBytes: undefined },
  ])
})
