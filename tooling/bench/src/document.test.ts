import { expect, test } from "vitest"
import type { Publication } from "./bench.ts"
import { updateDocument } from "./document.ts"
import type { Comparison } from "./measure.ts"

const run = () => 0
const side = { microseconds: 1, bytesPerEvent: 600 }

function toComparison(ratio: Comparison["ratio"], published?: Publication): Comparison {
  const sides = { floor: run, original: run, ours: run }
  const workload = { name: "a workload", events: 1, sides, target: { side: "floor", maxRatio: 1 } } as const
  return { workload: published ? { ...workload, published } : workload, floor: side, ours: side, ratio }
}

const stream = { workload: "a stream", side: "floor", comparedWith: "bare undici" } as const
const batch = { workload: "a batch", side: "original", comparedWith: "Segment's own" } as const
const comparisons = [
  toComparison({ floor: 1.5 }, { ...stream, size: "0.8 KB" }),
  toComparison({ floor: 1.25 }, { ...stream, size: "2 KB" }),
  toComparison({ floor: 9 }),
  toComparison({ floor: 2, original: 0.876 }, { ...batch, size: "0.8 KB" }),
]
const machine = { node: "v20.20.2", cpus: 2 }
const document = "# Performance\n\n<!-- bench -->\nold\n<!-- /bench -->\n\nThe end.\n"

test("The document gets one row per published workload, and comparisons with Segment's own come first", () => {
  const lines = updateDocument(document, comparisons, machine).split("\n")
  expect(lines.filter(line => line.startsWith("|"))).toEqual([
    "| workload | compared with | events of 0.8 KB | events of 2 KB |",
    "| -------- | ------------- | ---------------- | -------------- |",
    "| a batch  | Segment's own | 0.88             |                |",
    "| a stream | bare undici   | 1.50             | 1.25           |",
  ])
})

test("The document names the machine and no target", () => {
  const updated = updateDocument(document, comparisons, machine)
  expect(updated).toContain("(Node v20.20.2, 2 CPUs)")
  expect(updated).toMatch(/Lower is\s+better/)
  expect(updated).not.toMatch(/missed|at most|target/)
})

test("The text outside of the markers stays, and a second update changes nothing", () => {
  const updated = updateDocument(document, comparisons, machine)
  expect(updated).toMatch(/^# Performance\n\n<!-- bench -->\n\n.*\n\n<!-- \/bench -->\n\nThe end\.\n$/s)
  expect(updated).not.toContain("old")
  expect(updateDocument(updated, comparisons, machine)).toBe(updated)
})

test.each(["# Performance\n", "<!-- bench -->", "<!-- /bench --> <!-- bench -->"])(
  "A document without both markers in order is refused: %j",
  document => {
    expect(() => updateDocument(document, comparisons, machine)).toThrow("The document must contain")
  },
)
