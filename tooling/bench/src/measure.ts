import type { Run, Settings, Side, Workload } from "./bench.ts"
import type { Stopwatch } from "./stopwatch.ts"

/** What one side took. */
interface Measured {
  /** Median time for one event by the clock of the workload, in microseconds. */
  readonly microseconds: number
  readonly bytesPerEvent: number
}

export interface Comparison {
  readonly workload: Workload
  readonly floor: Measured
  readonly peer?: Measured
  readonly ours: Measured
  /** Ours by the other side: the median of the rounds' own ratios. */
  readonly ratio: { readonly floor: number; readonly peer?: number }
}

/**
 * Runs the sides of a workload in turns, in another order each round, so that whatever else the machine does and however
 * its clock changes meets all of them alike. Where nothing is said the CPU time of the process counts and not the time
 * on the wall: what other processes take is left out, and what V8 does on threads beside ours (collecting garbage) is
 * not given away.
 */
export async function compare(
  workload: Workload,
  settings: Settings,
  stopwatch: Stopwatch,
): Promise<Comparison> {
  await workload.check?.()
  const { clock = "cpu" } = workload
  const timer: Timer = { now: stopwatch[clock], clear: stopwatch.clear }
  stopwatch.clearAll()
  const sides = Object.entries(workload.sides).map(([name, run]) => ({ name: name as Side, run }))
  const rounds = Math.min(settings.rounds, workload.rounds ?? settings.rounds)
  const times = new Map<Side, number>()
  const bytes = new Map<Side, number>()
  // The warm-up: the compilers have had their turn when it ends, and each side knows how often it runs in a sample.
  for (const { name, run } of [...sides, ...sides]) {
    bytes.set(name, await run())
    times.set(name, await findTimes(run, settings.sampleMs, timer))
  }

  const samples = new Map<Side, number[]>(sides.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of rotate(sides, round)) {
      const sample = await takeSample(run, times.get(name) ?? 1, timer)
      samples.get(name)?.push(sample / workload.events)
    }
  }

  const toMeasured = (name: Side): Measured => ({
    microseconds: median(samples.get(name) ?? []),
    bytesPerEvent: (bytes.get(name) ?? Number.NaN) / workload.events,
  })
  const ratio = (name: Side) => medianRatio(samples.get("ours") ?? [], samples.get(name) ?? [])
  return {
    workload,
    floor: toMeasured("floor"),
    ours: toMeasured("ours"),
    ...(workload.sides.peer === undefined ? {} : { peer: toMeasured("peer") }),
    ratio: { floor: ratio("floor"), ...(workload.sides.peer === undefined ? {} : { peer: ratio("peer") }) },
  }
}

/** The stopwatch, set to one of its clocks. */
interface Timer {
  now(): number
  clear(): void
}

/** How many runs fill a sample. */
async function findTimes(run: Run, sampleMs: number, timer: Timer): Promise<number> {
  let times = 1
  for (;;) {
    const enough = sampleMs * 1_000
    const took = (await takeSample(run, times, timer)) * times
    if (took >= enough) return times
    times = Math.min(times * 4, Math.ceil((times * enough * 1.1) / Math.max(took, 1)))
  }
}

/** Microseconds of one run, from this many in a row. */
async function takeSample(run: Run, times: number, { now, clear }: Timer): Promise<number> {
  clear()
  const start = now()
  for (let done = 0; done < times; done++) {
    const result = run()
    // A side that does not wait for anything shall not pay for waiting.
    if (typeof result === "object") await result
  }
  return (now() - start) / times
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The median of what each round says, since the two samples of a round saw the same machine. */
export function medianRatio(values: readonly number[], others: readonly number[]): number {
  return median(values.map((value, round) => value / (others[round] ?? Number.NaN)))
}

function rotate<Item>(items: readonly Item[], by: number): Item[] {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}
