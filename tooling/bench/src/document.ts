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

${findings.map(toSection).join("\n")}
## How to read it

- **floor**: \`JSON.stringify\` of the same arguments and nothing else, the least that any body of a request can cost.
- **peer**: what Segment's own destination does with a batch: a placeholder for each value, the arguments with the time
  edited as text, \`JSON.stringify\` of the whole body. It checks nothing and knows no sizes. Its framework's mapping of
  fields, which costs more than all of this, is not measured.
- **ours**: \`deliver()\` or \`write()\` of \`@singlesink/core\` from the event to its outcome: every value is checked, times
  are in UTC, the size is exact, batches are cut, promises are paid. Nothing is sent.
- All sides end with the UTF-8 bytes of the body, since a string that nobody read is not finished. The floor and the
  peer count them at the end; core has counted them while encoding, and its port reads the body once more, which makes
  it one piece of memory.
- Times are microseconds of CPU for one event, all threads of the process counted. The sides run in turns, young
  garbage is collected between them, and the median counts; a ratio is the median of the rounds' own ratios.
- Bytes are those of the request's body for one event.
- A port that answers at once leaves a producer nothing to gather: its requests hold a few rows each. It is here to show
  what the promises cost; how full requests get, the port that answers later shows.
- What was tried to make it cheaper, and what each try gave, is in
  [decision 5](../decisions/0005-rows-are-encoded-in-runs.md).

## How to run it

\`\`\`sh
pnpm bench                  # a few minutes, and it writes this page
pnpm bench --quick          # to see that it works; it writes nothing
pnpm bench --only deliver   # only what has this word in its name; it writes nothing
\`\`\`
`
}

function toSection({ name, title, comparisons, facts }: Findings): string {
  return `## ${title}

![Bars of the CPU time per event, with the floor as 1; the table below has the numbers](${name}.svg)

${toComparisonTable(comparisons)}

${toFactTable(facts)}
`
}
