import { expect, test } from "vitest"
import { workThrough } from "./in-flight.ts"

test("the work is done for each item once, in order, and so many are under way at once", async () => {
  const items = Array.from({ length: 10 }, (_, index) => `item ${index}`)
  const done: string[] = []
  const underWay: number[] = []
  let now = 0
  await workThrough(items, 3, async item => {
    done.push(item)
    underWay.push(++now)
    await new Promise(resolve => setImmediate(resolve))
    now--
  })
  expect(done).toEqual(items)
  expect(Math.max(...underWay)).toBe(3)
})

test("work that fails ends it", async () => {
  const refuse = () => Promise.reject(new Error("no"))
  await expect(workThrough(["a", "b"], 2, refuse)).rejects.toThrow("no")
})
