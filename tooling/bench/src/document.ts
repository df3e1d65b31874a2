import type { Publication } from "./bench.ts"
import type { EventSize } from "./events.ts"
import type { Comparison } from "./measure.ts"
import { toTable } from "./table.ts"

/** The machine of the measurement. There is no date, so that the page changes only if the numbers do. */
export interface Machine {
  readonly node: string
  readonly cpus: number
}

const opening = "<!-- bench -->"
const closing = "<!-- /bench -->"
const sizes: readonly EventSize[] = ["0.8 KB", "2 KB"]

/** Replaces the part of docs/bench/README.md between the markers. */
export function updateDocument(
  document: string,
  comparisons: readonly Comparison[],
  machine: Machine,
): string {
  const [before, after] = [document.split(opening)[0], document.split(closing)[1]]
  if (before === undefined || after === undefined || before.includes(closing)) {
    throw new Error(`The document must contain ${opening} and then ${closing}.`)
  }
  return `${before}${opening}\n\n${toParagraph(machine)}\n\n${toRatioTable(comparisons)}\n\n${closing}${after}`
}

function toParagraph({ node, cpus }: Machine): string {
  return `Each number is the CPU time that singlesink needs per event, divided by the time of the side it is compared with. Lower is
better: below 1, singlesink needs less time than the other side. Both sides process the same events in turns, on one
machine (Node ${node}, ${cpus} CPUs), and each ratio is the median of many rounds.`
}

/** One row per published workload, with a column per size. Rows that compare with Segment's own come first. */
function toRatioTable(comparisons: readonly Comparison[]): string {
  const rows = new Map<string, Row>()
  for (const { workload, ratio } of comparisons) {
    if (workload.published === undefined) continue
    const { size, ...publication } = workload.published
    const row = rows.get(publication.workload) ?? { publication, ratios: new Map() }
    row.ratios.set(size, ratio[publication.side] ?? Number.NaN)
    rows.set(publication.workload, row)
  }
  const order = (row: Row) => (row.publication.side === "original" ? 0 : 1)
  return toTable(
    ["workload", "compared with", ...sizes.map(size => `events of ${size}`)],
    [...rows.values()]
      .sort((a, b) => order(a) - order(b))
      .map(({ publication: { workload, comparedWith }, ratios }) => [
        workload,
        comparedWith,
        ...sizes.map(size => ratios.get(size)?.toFixed(2) ?? ""),
      ]),
  )
}

interface Row {
  readonly publication: Omit<Publication, "size">
  readonly ratios: Map<EventSize, number>
}
