import { expect, test } from "vitest"
import { createPool, type PooledSink } from "./pool.ts"

const pooled = () => ({}) as PooledSink

test("a sink is given to one call at a time, and only for its own key", () => {
  const pool = createPool()
  const [a, b] = [pooled(), pooled()]
  pool.give("a", a)
  pool.give("b", b)
  expect(pool.take("c")).toBeUndefined()
  expect(pool.take("a")).toBe(a)
  expect(pool.take("a")).toBeUndefined()
  expect(pool.take("b")).toBe(b)
})

test("of those that are idle the newest 50 are kept", () => {
  const pool = createPool()
  for (let index = 0; index < 60; index++) pool.give(String(index), pooled())
  expect(pool.take("9")).toBeUndefined()
  expect(pool.take("10")).toBeDefined()
})
