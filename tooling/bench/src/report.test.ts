import { expect, test } from "vitest"
import type { Comparison } from "./measure.ts"
import { toComparisonTable, toFactTable, toSideLines, toTargetText } from "./report.ts"

const run = () => 0
const comparison: Comparison = {
  workload: {
    name: "writeBatch",
    events: 1,
    target: { side: "original", maxRatio: 1 },
    sides: { floor: run, original: run, ours: run },
  },
  floor: { microseconds: 1, bytesPerEvent: 500 },
  original: { microseconds: 2, bytesPerEvent: 620.4 },
  ours: { microseconds: 1.9, bytesPerEvent: 612 },
  ratio: { floor: 1.9, original: 0.95 },
}

test("A row of the table has the times, the ratios, the bytes and whether the target is met", () => {
  expect(toComparisonTable([comparison])).toBe(
    [
      "| workload   | floor µs | original µs | ours µs | ours / floor | ours / original | bytes original | bytes ours | target                                |",
      "| ---------- | -------- | ----------- | ------- | ------------ | --------------- | -------------- | ---------- | ------------------------------------- |",
      "| writeBatch | 1.00     | 2.00        | 1.90    | 1.90         | 0.95            | 620            | 612        | at most 1.0 × original: ok, bytes: ok |",
    ].join("\n"),
  )
})

test("The table has no columns for the original if no workload has one", () => {
  const { original: _, ...alone } = comparison
  const [heads] = toComparisonTable([{ ...alone, ratio: { floor: 1.9 } }]).split("\n")
  expect(heads).not.toContain("original")
})

test("A target has at most two decimal places", () => {
  expect(toTargetText(comparison, { side: "floor", maxRatio: 1.25 })).toContain(
    "at most 1.25 × floor: missed",
  )
  expect(toTargetText(comparison, { side: "original", maxRatio: 1 / 0.95 })).toContain(
    "at most 1.05 × original: ok",
  )
})

test("A target is missed if the ratio to its side is greater, and the bytes have their own target", () => {
  const { original: _, ...alone } = comparison
  expect(toTargetText(alone, { side: "floor", maxRatio: 1.8 })).toBe("at most 1.8 × floor: missed")
  expect(toTargetText(alone, { side: "floor", maxRatio: 1.9 })).toBe("at most 1.9 × floor: ok")
  expect(toTargetText({ ...comparison, ours: { microseconds: 1, bytesPerEvent: 621 } }, undefined)).toBe(
    "bytes: missed",
  )
})

test("A fact without a target has an empty target cell", () => {
  const table = toFactTable([
    { name: "requests", value: "67", target: { text: "at most 69", met: true } },
    { name: "heap", value: "3 MB" },
  ])
  expect(table.split("\n").slice(2)).toEqual([
    "| requests | 67    | at most 69: ok |",
    "| heap     | 3 MB  |                |",
  ])
})

test("The terminal explains each side on its own line", () => {
  expect(toSideLines({ floor: "the least", ours: "core" })).toBe("floor: the least\nours: core")
})
