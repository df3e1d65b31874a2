import { mkdirSync, writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { type Bench, quick, type Settings, thorough } from "./bench.ts"
import { core } from "./benches/core.ts"
import { dataApi } from "./benches/data-api.ts"
import { jitsu } from "./benches/jitsu.ts"
import { segment } from "./benches/segment.ts"
import { toChart } from "./chart.ts"
import { toDocument } from "./document.ts"
import { type Comparison, compare } from "./measure.ts"
import { type Findings, toComparisonTable, toFactTable } from "./report.ts"
import { createStopwatch } from "./stopwatch.ts"

const benches: readonly Bench[] = [core, dataApi, jitsu, segment]

/** From dist/, where this runs. */
const folder = new URL("../../../docs/bench/", import.meta.url)

const { values } = parseArgs({ options: { quick: { type: "boolean" }, only: { type: "string" } } })
const { only = "" } = values
const settings = values.quick ? quick : thorough
const machine = { node: process.version, cpus: availableParallelism() }

console.log(`Node ${machine.node}, ${machine.cpus} CPUs, ${settings.rounds} rounds`)
const findings: Findings[] = []
for (const bench of benches) findings.push(await run(bench, settings, only))
// A part of the numbers, or hasty ones, must not take the place of the whole.
if (!values.quick && only === "") write()

/** What has `only` in its name. */
async function run(bench: Bench, settings: Settings, only: string): Promise<Findings> {
  const { name, title, workloads, probes } = bench
  const stopwatch = createStopwatch()
  const isAsked = (part: string) => `${name} ${part}`.includes(only)
  const comparisons: Comparison[] = []
  for await (const workload of workloads(settings)) {
    if (!isAsked(workload.name)) continue
    comparisons.push(await compare(workload, settings, stopwatch))
  }
  if (comparisons.length > 0) console.log(`\n${title}\n\n${toComparisonTable(comparisons)}`)
  const facts = []
  for (const probe of probes) if (isAsked(probe.name)) facts.push(...(await probe.run(settings, stopwatch)))
  if (facts.length > 0) console.log(`\n${toFactTable(facts)}`)
  return { bench, comparisons, facts }
}

function write(): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL("README.md", folder), toDocument(findings, machine))
  for (const { bench, comparisons } of findings) {
    writeFileSync(new URL(`${bench.name}.svg`, folder), toChart(bench, comparisons))
  }
}
