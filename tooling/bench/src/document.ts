import { type Findings, toComparisonTable, toFactTable } from "./report.ts"

/** The machine that the numbers are from; never a date: the page changes when the numbers do. */
export interface Machine {
  readonly node: string
  readonly cpus: number
}

/** docs/bench/README.md. */
export function toDocument(findings: readonly Findings[], { node, cpus }: Machine): string {
  return `# What it costs

\`pnpm bench\` wrote this page: Node ${node}, ${cpus} CPUs. Ratios travel from one machine to another, microseconds do not.

## How to read it

- The sides of a line run in turns, young garbage is collected between them, and the median counts; a ratio is the
  median of the rounds' own ratios.
- What is asked for stands beside what was found, and is called missed where it is.

${findings.map(toSection).join("\n")}
## How to run it

\`\`\`sh
pnpm bench                  # a few minutes, and it writes this page
pnpm bench --quick          # to see that it works; it writes nothing
pnpm bench --only deliver   # only what has this word in its name; it writes nothing
\`\`\`
`
}

function toSection({ bench: { name, title, notes }, comparisons, facts }: Findings): string {
  return `## ${title}

![Bars of the time that each side takes, with the floor as 1; the table below has the numbers](${name}.svg)

${toComparisonTable(comparisons)}

${toFactTable(facts)}

${notes}
`
}
