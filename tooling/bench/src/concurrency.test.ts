import { expect, test } from "vitest"
import { runConcurrently } from "./concurrency.ts"

test("runConcurrently works on each item once, in order, and on three at a time", async () => {
  const items = Array.from({ length: 10 }, (_, index) => `item ${index}`)
  const done: string[] = []
  const inFlight: number[] = []
  let now = 0
  await runConcurrently(items, 3, async item => {
    done.push(item)
    inFlight.push(++now)
    await new Promise(resolve => setImmediate(resolve))
    now--
  })
  expect(done).toEqual(items)
  expect(Math.max(...inFlight)).toBe(3)
})

test("runConcurrently rejects if the work fails", async () => {
  const refuse = () => Promise.reject(new Error("no"))
  await expect(runConcurrently(["a", "b"], 2, refuse)).rejects.toThrow("no")
})
