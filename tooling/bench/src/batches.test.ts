import { expect, test } from "vitest"
import { toBatches } from "./batches.ts"

test("toBatches splits items in order, and the last batch has the rest", () => {
  expect(toBatches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(toBatches([1, 2], 2)).toEqual([[1, 2]])
})
