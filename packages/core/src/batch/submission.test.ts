import { expect, test } from "vitest"
import { stored } from "../outcome.ts"
import { createReceipt, settleReceipt } from "./submission.ts"

test("gives each event one outcome, says how many it gave, and is done once", () => {
  let done = 0
  const receipt = createReceipt([{}, {}, {}], true, () => done++)
  expect(settleReceipt(receipt, 1, 1, stored)).toBe(1)
  expect(settleReceipt(receipt, 0, 2, stored)).toBe(1)
  expect(done).toBe(0)
  expect(settleReceipt(receipt, 0, 3, stored)).toBe(1)
  expect(done).toBe(1)
  expect(settleReceipt(receipt, 0, 3, stored)).toBe(0)
  expect(done).toBe(1)
  expect(receipt).toMatchObject({ open: 0, outcomes: [stored, stored, stored] })
})
