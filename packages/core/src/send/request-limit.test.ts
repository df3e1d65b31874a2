import { expect, test } from "vitest"
import type { ObserverEvent } from "../observer.ts"
import { findRuntime } from "../runtime.ts"
import { createRequestLimit } from "./request-limit.ts"

function createTimed() {
  let now = 0
  const observed: ObserverEvent[] = []
  const limit = createRequestLimit(1_000_000, { ...findRuntime(), now: () => now }, event => void observed.push(event))
  return { limit, observed, wait: (milliseconds: number) => (now += milliseconds) }
}

test("is the limit until something is learned, and half of what was refused then", () => {
  const { limit, observed } = createTimed()
  expect(limit.maxBytes()).toBe(1_000_000)
  limit.reduce(900_001)
  expect(limit.maxBytes()).toBe(450_001)
  expect(observed).toEqual([{ type: "reduced_limit", maxBytes: 450_001 }])
})

test("a smaller refusal lowers it, a larger or equal one says nothing new", () => {
  const { limit, observed } = createTimed()
  limit.reduce(900_000)
  limit.reduce(950_000)
  limit.reduce(900_000)
  expect(limit.maxBytes()).toBe(450_000)
  limit.reduce(400_000)
  expect(limit.maxBytes()).toBe(200_000)
  expect(observed).toHaveLength(2)
})

test("is forgotten after five minutes, and that is told once", () => {
  const { limit, observed, wait } = createTimed()
  limit.reduce(900_000)
  wait(299_999)
  expect(limit.maxBytes()).toBe(450_000)
  wait(1)
  expect(limit.maxBytes()).toBe(1_000_000)
  expect(limit.maxBytes()).toBe(1_000_000)
  expect(observed).toEqual([
    { type: "reduced_limit", maxBytes: 450_000 },
    { type: "reduced_limit", maxBytes: undefined },
  ])
})
