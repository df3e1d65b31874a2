import type { Bench, Fact, Target } from "./bench.ts"
import type { Comparison } from "./measure.ts"
import { toTable } from "./table.ts"

/** Explains each side on a line. */
export function toSideLines(sides: Bench["sides"]): string {
  return Object.entries(sides)
    .map(([side, text]) => `${side}: ${text}`)
    .join("\n")
}

export function toComparisonTable(comparisons: readonly Comparison[]): string {
  const heads = [
    "workload",
    "floor µs",
    "original µs",
    "ours µs",
    "ours / floor",
    "ours / original",
    "bytes original",
    "bytes ours",
    "target",
  ]
  const rows = comparisons.map(toCells)
  // Without an original its columns are left out.
  const isFilled = (_: string, column: number) => rows.some(cells => cells[column] !== "")
  return toTable(
    heads.filter(isFilled),
    rows.map(cells => cells.filter(isFilled)),
  )
}

function toCells(comparison: Comparison): string[] {
  const { workload, floor, original, ours, ratio } = comparison
  return [
    workload.name,
    floor.microseconds.toFixed(2),
    original?.microseconds.toFixed(2) ?? "",
    ours.microseconds.toFixed(2),
    ratio.floor.toFixed(2),
    ratio.original?.toFixed(2) ?? "",
    original?.bytesPerEvent.toFixed(0) ?? "",
    ours.bytesPerEvent.toFixed(0),
    toTargetText(comparison, workload.target),
  ]
}

type Result = Pick<Comparison, "original" | "ours" | "ratio">

/** The target and whether it is met. If there is an original, our bytes must not exceed its bytes. */
export function toTargetText({ original, ours, ratio }: Result, target: Target | undefined): string {
  const parts: string[] = []
  if (target !== undefined) {
    const found = ratio[target.side] ?? Number.NaN
    parts.push(`at most ${toDigits(target.maxRatio)} × ${target.side}: ${toWord(found <= target.maxRatio)}`)
  }
  if (original !== undefined) parts.push(`bytes: ${toWord(ours.bytesPerEvent <= original.bytesPerEvent)}`)
  return parts.join(", ")
}

export function toFactTable(facts: readonly Fact[]): string {
  const rows = facts.map(({ name, value, target }) => {
    return [name, value, target === undefined ? "" : `${target.text}: ${toWord(target.met)}`]
  })
  return toTable(["fact", "value", "target"], rows)
}

function toWord(met: boolean): string {
  return met ? "ok" : "missed"
}

function toDigits(factor: number): string {
  return factor.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 2 })
}
