import { expect, test } from "vitest"
import type { Comparison } from "./measure.ts"
import { toComparisonTable, toFactTable, toVerdict } from "./report.ts"

const run = () => 0
const comparison: Comparison = {
  workload: {
    name: "deliver",
    events: 1,
    target: { side: "peer", most: 1 },
    sides: { floor: run, peer: run, ours: run },
  },
  floor: { microseconds: 1, bytesPerEvent: 500 },
  peer: { microseconds: 2, bytesPerEvent: 620.4 },
  ours: { microseconds: 1.9, bytesPerEvent: 612 },
  ratio: { floor: 1.9, peer: 0.95 },
}

test("a line of the table has the times, the ratios, the bytes and whether the target is met", () => {
  expect(toComparisonTable([comparison])).toBe(
    [
      "| workload | floor µs | peer µs | ours µs | ours / floor | ours / peer | bytes peer | bytes ours | target                            |",
      "| -------- | -------- | ------- | ------- | ------------ | ----------- | ---------- | ---------- | --------------------------------- |",
      "| deliver  | 1.00     | 2.00    | 1.90    | 1.90         | 0.95        | 620        | 612        | at most 1.0 × peer: ok, bytes: ok |",
    ].join("\n"),
  )
})

test("where no workload has a peer, the table has no columns for one", () => {
  const { peer: _, ...alone } = comparison
  const [heads] = toComparisonTable([{ ...alone, ratio: { floor: 1.9 } }]).split("\n")
  expect(heads).not.toContain("peer")
})

test("a target has the digits that it needs", () => {
  expect(toVerdict(comparison, { side: "floor", most: 1.25 })).toContain("at most 1.25 × floor: missed")
  expect(toVerdict(comparison, { side: "peer", most: 1 / 0.95 })).toContain("at most 1.05 × peer: ok")
})

test("a target that is missed is called so, on its own ratio, and so are bytes", () => {
  const { peer: _, ...alone } = comparison
  expect(toVerdict(alone, { side: "floor", most: 1.8 })).toBe("at most 1.8 × floor: missed")
  expect(toVerdict(alone, { side: "floor", most: 1.9 })).toBe("at most 1.9 × floor: ok")
  expect(toVerdict({ ...comparison, ours: { microseconds: 1, bytesPerEvent: 621 } }, undefined)).toBe(
    "bytes: missed",
  )
})

test("a fact without a target is only told", () => {
  const table = toFactTable([
    { name: "requests", value: "67", target: { text: "at most 69", met: true } },
    { name: "heap", value: "3 MB" },
  ])
  expect(table.split("\n").slice(2)).toEqual([
    "| requests | 67    | at most 69: ok |",
    "| heap     | 3 MB  |                |",
  ])
})
