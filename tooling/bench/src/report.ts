import type { Bench, Fact, Target } from "./bench.ts"
import type { Comparison } from "./measure.ts"

/** What a bench found. */
export interface Findings {
  readonly bench: Bench
  readonly comparisons: readonly Comparison[]
  readonly facts: readonly Fact[]
}

/** A table of the comparisons: Markdown that can be read as it is, in a terminal too. */
export function toComparisonTable(comparisons: readonly Comparison[]): string {
  const heads = [
    "workload",
    "floor µs",
    "peer µs",
    "ours µs",
    "ours / floor",
    "ours / peer",
    "bytes peer",
    "bytes ours",
    "target",
  ]
  const rows = comparisons.map(toCells)
  // Where no workload has a peer, nothing is said of one.
  const isFilled = (_: string, column: number) => rows.some(cells => cells[column] !== "")
  return toTable(
    heads.filter(isFilled),
    rows.map(cells => cells.filter(isFilled)),
  )
}

function toCells(comparison: Comparison): string[] {
  const { workload, floor, peer, ours, ratio } = comparison
  return [
    workload.name,
    floor.microseconds.toFixed(2),
    peer?.microseconds.toFixed(2) ?? "",
    ours.microseconds.toFixed(2),
    ratio.floor.toFixed(2),
    ratio.peer?.toFixed(2) ?? "",
    peer?.bytesPerEvent.toFixed(0) ?? "",
    ours.bytesPerEvent.toFixed(0),
    toVerdict(comparison, workload.target),
  ]
}

type Judged = Pick<Comparison, "peer" | "ours" | "ratio">

/** The target in words and whether it is met; bytes are to be at most the peer's wherever there is a peer. */
export function toVerdict({ peer, ours, ratio }: Judged, target: Target | undefined): string {
  const verdicts: string[] = []
  if (target !== undefined) {
    const found = ratio[target.side] ?? Number.NaN
    verdicts.push(`at most ${inDigits(target.most)} × ${target.side}: ${say(found <= target.most)}`)
  }
  if (peer !== undefined) verdicts.push(`bytes: ${say(ours.bytesPerEvent <= peer.bytesPerEvent)}`)
  return verdicts.join(", ")
}

export function toFactTable(facts: readonly Fact[]): string {
  const rows = facts.map(({ name, value, target }) => {
    return [name, value, target === undefined ? "" : `${target.text}: ${say(target.met)}`]
  })
  return toTable(["what", "found", "target"], rows)
}

function say(met: boolean): string {
  return met ? "ok" : "missed"
}

function inDigits(factor: number): string {
  return factor.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 2 })
}

function toTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map(row => row[column]?.length ?? 0)),
  )
  const toLine = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`
  return [heads, widths.map(width => "-".repeat(width)), ...rows].map(toLine).join("\n")
}
