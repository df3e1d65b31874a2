import { expect, test } from "vitest"
import { createBacklog } from "./backlog.ts"

test("what is not acknowledged when the writer dies comes again, before anything new", () => {
  const backlog = createBacklog()
  expect(backlog.take(4)).toEqual([0, 1, 2, 3])
  backlog.settle([1], "acknowledged")
  backlog.settle([2], "rejected")
  backlog.giveBack()
  expect(backlog.take(3)).toEqual([0, 3, 4])
  expect(backlog.redelivered).toBe(2)
})

test("what failed comes again after a rest", () => {
  let now = 0
  const backlog = createBacklog(() => now)
  backlog.settle(backlog.take(2), "returned")
  expect(backlog.take(1)).toEqual([2])
  now = 500
  expect(backlog.take(3)).toEqual([0, 1, 3])
})

test("it is done when it is ended and nothing is left", () => {
  const backlog = createBacklog(() => 0)
  const numbers = backlog.take(2)
  backlog.end()
  backlog.settle(numbers, "returned")
  expect([backlog.isDone, backlog.take(2)]).toEqual([false, []])
  backlog.giveBack()
  expect(backlog.isDone).toBe(false)
})
