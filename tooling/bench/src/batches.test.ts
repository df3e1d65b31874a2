import { expect, test } from "vitest"
import { toBatches } from "./batches.ts"

test("batches have all items in order, the last what is left", () => {
  expect(toBatches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(toBatches([1, 2], 2)).toEqual([[1, 2]])
})
