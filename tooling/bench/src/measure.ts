import type { Run, Settings, Side, Workload } from "./bench.ts"
import type { Stopwatch } from "./stopwatch.ts"

/** The result of one side. */
interface Measured {
  /** The median time per event, in microseconds on the clock of the workload. */
  readonly microseconds: number
  readonly bytesPerEvent: number
}

export interface Comparison {
  readonly workload: Workload
  readonly floor: Measured
  readonly original?: Measured
  readonly ours: Measured
  /** The time of `ours` divided by the time of the other side: the median of the ratios of all rounds. */
  readonly ratio: { readonly floor: number; readonly original?: number }
}

/**
 * Runs the sides of a workload in turns, in a different order each round, so that other processes and changes of the CPU
 * frequency affect all sides alike. By default CPU time counts: it excludes other processes and includes the threads on
 * which V8 collects garbage.
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
  const repetitions = new Map<Side, number>()
  const bytes = new Map<Side, number>()
  // The warm-up compiles the code and finds how many runs fill a sample of each side.
  for (const { name, run } of [...sides, ...sides]) {
    bytes.set(name, await run())
    repetitions.set(name, await findRepetitions(run, settings.sampleMs, timer))
  }

  const samples = new Map<Side, number[]>(sides.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of rotate(sides, round)) {
      const sample = await takeSample(run, repetitions.get(name) ?? 1, timer)
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
    ...(workload.sides.original === undefined ? {} : { original: toMeasured("original") }),
    ratio: {
      floor: ratio("floor"),
      ...(workload.sides.original === undefined ? {} : { original: ratio("original") }),
    },
  }
}

/** One clock of the stopwatch. */
interface Timer {
  now(): number
  clear(): void
}

/** Finds the number of runs that fill a sample. */
async function findRepetitions(run: Run, sampleMs: number, timer: Timer): Promise<number> {
  let times = 1
  for (;;) {
    const enough = sampleMs * 1_000
    const took = (await takeSample(run, times, timer)) * times
    if (took >= enough) return times
    times = Math.min(times * 4, Math.ceil((times * enough * 1.1) / Math.max(took, 1)))
  }
}

/** Measures this many runs in a row. Returns the microseconds of one. */
async function takeSample(run: Run, times: number, { now, clear }: Timer): Promise<number> {
  clear()
  const start = now()
  for (let done = 0; done < times; done++) {
    const result = run()
    // A synchronous side does not pay for an await.
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

/** The median of the ratios of all rounds. The samples of one round were taken under the same conditions. */
export function medianRatio(values: readonly number[], others: readonly number[]): number {
  return median(values.map((value, round) => value / (others[round] ?? Number.NaN)))
}

function rotate<Item>(items: readonly Item[], by: number): Item[] {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}
