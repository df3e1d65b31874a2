import { expect, test } from "vitest"
import { createBacklog } from "./backlog.ts"

test("Events without an outcome are delivered again before new events if the writer ends", () => {
  const backlog = createBacklog()
  expect(backlog.take(4)).toEqual([0, 1, 2, 3])
  backlog.settle([1], "acknowledged")
  backlog.settle([2], "rejected")
  backlog.giveBack()
  expect(backlog.take(3)).toEqual([0, 3, 4])
  expect(backlog.redelivered).toBe(2)
})

test("A failed event is delivered again after a pause", () => {
  let now = 0
  const backlog = createBacklog(() => now)
  backlog.settle(backlog.take(2), "returned")
  expect(backlog.take(1)).toEqual([2])
  now = 500
  expect(backlog.take(3)).toEqual([0, 1, 3])
})

test("A backlog is done after its end once every event has an outcome", () => {
  const backlog = createBacklog(() => 0)
  const numbers = backlog.take(2)
  backlog.end()
  backlog.settle(numbers, "returned")
  expect([backlog.isDone, backlog.take(2)]).toEqual([false, []])
  backlog.giveBack()
  expect(backlog.isDone).toBe(false)
})
