import { readFileSync, writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { type Bench, quick, thorough } from "./bench.ts"
import { commandLine } from "./benches/command-line.ts"
import { core } from "./benches/core.ts"
import { dataApi } from "./benches/data-api.ts"
import { jitsu } from "./benches/jitsu.ts"
import { receiver } from "./benches/receiver.ts"
import { segment } from "./benches/segment.ts"
import { updateDocument } from "./document.ts"
import { type Comparison, compare } from "./measure.ts"
import { toComparisonTable, toFactTable, toSideLines } from "./report.ts"
import { createStopwatch } from "./stopwatch.ts"

const help = `Measures CPU time, prints the results with their targets, and writes the ratios to docs/bench/README.md.

  --quick        takes few samples, to see that every bench works, and writes nothing
  --only <text>  runs only what has this text in its name, and writes nothing
  --help         prints this text`

const benches: readonly Bench[] = [core, dataApi, jitsu, segment, commandLine, receiver]

/** Relative to dist/, where the built file is. */
const documentUrl = new URL("../../../docs/bench/README.md", import.meta.url)

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, only: { type: "string" }, help: { type: "boolean" } },
})
const { only = "" } = values
const settings = values.quick ? quick : thorough
const machine = { node: process.version, cpus: availableParallelism() }

if (values.help) console.log(help)
else await runAll()

async function runAll(): Promise<void> {
  console.log(`Node ${machine.node}, ${machine.cpus} CPUs, ${settings.rounds} rounds`)
  const comparisons: Comparison[] = []
  for (const bench of benches) comparisons.push(...(await run(bench)))
  // Partial or imprecise results must not replace the published ones.
  if (values.quick || only !== "") return
  writeFileSync(documentUrl, updateDocument(readFileSync(documentUrl, "utf8"), comparisons, machine))
}

/** Runs the parts of a bench that `--only` selects, and prints their results. */
async function run({ name, title, sides, workloads, probes }: Bench): Promise<Comparison[]> {
  const stopwatch = createStopwatch()
  const isSelected = (part: string) => `${name} ${part}`.includes(only)
  const comparisons: Comparison[] = []
  for await (const workload of workloads(settings)) {
    if (isSelected(workload.name)) comparisons.push(await compare(workload, settings, stopwatch))
  }
  if (comparisons.length > 0)
    console.log(`\n${title}\n${toSideLines(sides)}\n\n${toComparisonTable(comparisons)}`)
  const facts = []
  for (const probe of probes)
    if (isSelected(probe.name)) facts.push(...(await probe.run(settings, stopwatch)))
  if (facts.length > 0) console.log(`\n${toFactTable(facts)}`)
  return comparisons
}
