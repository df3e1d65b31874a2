import { expect, test } from "vitest"
import type { ObserverEvent } from "../observer.ts"
import { findRuntime } from "../runtime.ts"
import { createRequestLimit } from "./request-limit.ts"

function createTimed() {
  let now = 0
  const observed: ObserverEvent[] = []
  const limit = createRequestLimit(
    1_000_000,
    { ...findRuntime(), now: () => now },
    event => void observed.push(event),
  )
  return { limit, observed, wait: (milliseconds: number) => (now += milliseconds) }
}

test("The limit is the configured one until a request is refused, and then half of that request", () => {
  const { limit, observed } = createTimed()
  expect(limit.maxBytes()).toBe(1_000_000)
  limit.reduce(900_001)
  expect(limit.maxBytes()).toBe(450_001)
  expect(observed).toEqual([{ type: "reduced_limit", maxBytes: 450_001 }])
})

test("Only the refusal of a smaller request lowers the limit further", () => {
  const { limit, observed } = createTimed()
  limit.reduce(900_000)
  limit.reduce(950_000)
  limit.reduce(900_000)
  expect(limit.maxBytes()).toBe(450_000)
  limit.reduce(400_000)
  expect(limit.maxBytes()).toBe(200_000)
  expect(observed).toHaveLength(2)
})

test("The configured limit is back after five minutes, which is reported once", () => {
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

test("A larger request that is stored ends the limit, because the rows of the refused one were to blame", () => {
  const { limit, observed } = createTimed()
  limit.reduce(1_000)
  limit.accept(600)
  expect(limit.maxBytes()).toBe(500)
  limit.accept(1_001)
  expect(limit.maxBytes()).toBe(1_000_000)
  expect(observed.at(-1)).toEqual({ type: "reduced_limit", maxBytes: undefined })
})
