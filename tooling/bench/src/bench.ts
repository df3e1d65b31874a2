import type { Stopwatch } from "./stopwatch.ts"

/** How long a bench takes its time. */
export interface Settings {
  /** Samples of each side; the median counts. */
  readonly rounds: number
  /** Least time of a sample: below it the clock's own steps would show. */
  readonly sampleMs: number
  /** What the long streams are divided by. */
  readonly divideStreamsBy: number
}

export const thorough: Settings = { rounds: 31, sampleMs: 25, divideStreamsBy: 1 }
/** Enough to see that a bench works; too little to quote. */
export const quick: Settings = { rounds: 5, sampleMs: 5, divideStreamsBy: 20 }

/** Floor: the least that is possible. Peer: what there was before. Ours: the thing that is measured. */
export type Side = "floor" | "peer" | "ours"

/** Does the work once and gives the bytes it made: a string that nobody read is not finished. */
export type Run = () => number | Promise<number>

/** At most `most` times what `side` takes. */
export interface Target {
  readonly side: "floor" | "peer"
  readonly most: number
}

/** The same work, done by each side. */
export interface Workload {
  readonly name: string
  /** Events that one run handles. */
  readonly events: number
  /** The time that counts: CPU time where nothing else is said, or that on the wall, for throughput. */
  readonly clock?: "cpu" | "wall"
  /** Most rounds, where one run takes long by itself. */
  readonly rounds?: number
  /** Makes sure that all sides do the same; outside of the measured time. */
  readonly check?: () => Promise<void>
  readonly sides: { readonly floor: Run; readonly peer?: Run; readonly ours: Run }
  readonly target?: Target
}

/** Something that is counted, not compared with another side. */
export interface Fact {
  readonly name: string
  readonly value: string
  /** What is asked for, in words, and whether it is so. */
  readonly target?: { readonly text: string; readonly met: boolean }
}

/** Measures facts; its name is what `--only` asks for. */
export interface Probe {
  readonly name: string
  run(settings: Settings, stopwatch: Stopwatch): Promise<Fact[]>
}

export type Legend = Readonly<Partial<Record<Side, string>>>

/** One file in benches/ exports one of these. */
export interface Bench {
  /** Also the name of its chart. */
  readonly name: string
  readonly title: string
  /** What each side is, in a few words for the chart. */
  readonly legend: Legend
  /** How its numbers came about and what they say: points of a list, in Markdown. */
  readonly notes: string
  /** Each is made when its turn comes, since its events take memory. What it needs is let go before the next. */
  workloads(settings: Settings): Iterable<Workload> | AsyncIterable<Workload>
  readonly probes: readonly Probe[]
}
