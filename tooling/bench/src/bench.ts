import type { EventSize } from "./events.ts"
import type { Stopwatch } from "./stopwatch.ts"

/** How thoroughly a bench measures. */
export interface Settings {
  /** The number of samples of each side. The median counts. */
  readonly rounds: number
  /** The minimum duration of a sample. Shorter samples would show the resolution of the clock. */
  readonly sampleMs: number
  /** Divides the length of the long streams. */
  readonly divideStreamsBy: number
}

export const thorough: Settings = { rounds: 31, sampleMs: 25, divideStreamsBy: 1 }
/** Enough to see that a bench works. The numbers are not precise enough to publish. */
export const quick: Settings = { rounds: 5, sampleMs: 5, divideStreamsBy: 20 }

/**
 * `floor` is the least work that any solution needs, `original` is Segment's own destination, and `ours` is the code under
 * test.
 */
export type Side = "floor" | "original" | "ours"

/** Does the work once and returns the number of bytes it made. */
export type Run = () => number | Promise<number>

/** A limit for the time of `ours`. The terminal shows whether it is met. */
export interface Target {
  readonly side: "floor" | "original"
  /** The maximum of the time of `ours`, divided by the time of `side`. */
  readonly maxRatio: number
}

/** The place of a ratio in the table of docs/bench. */
export interface Publication {
  /** The row, in Markdown. */
  readonly workload: string
  /** The column. */
  readonly size: EventSize
  readonly side: "floor" | "original"
  /** Describes `side` to users, in Markdown. */
  readonly comparedWith: string
}

/** The same work, done by each side. */
export interface Workload {
  readonly name: string
  /** The number of events of one run. */
  readonly events: number
  /** The clock that counts: CPU time, or wall time for throughput. @default "cpu" */
  readonly clock?: "cpu" | "wall"
  /** The maximum number of rounds, if one run takes long. */
  readonly rounds?: number
  /** Throws if the sides do not do the same work. It runs before the measurement. */
  readonly check?: () => Promise<void>
  readonly sides: { readonly floor: Run; readonly original?: Run; readonly ours: Run }
  readonly target?: Target
  /** @default only the terminal shows the result */
  readonly published?: Publication
}

/** A measurement of `ours` alone. */
export interface Fact {
  readonly name: string
  readonly value: string
  /** The target as text, and whether it is met. */
  readonly target?: { readonly text: string; readonly met: boolean }
}

/** Measures facts. `--only` selects probes by their name. */
export interface Probe {
  readonly name: string
  run(settings: Settings, stopwatch: Stopwatch): Promise<Fact[]>
}

/** Each file in benches/ exports one of these. */
export interface Bench {
  readonly name: string
  readonly title: string
  /** Describes each side, for the terminal. */
  readonly sides: Readonly<Partial<Record<Side, string>>>
  /** Creates one workload at a time, because its events take memory. Its resources are released before the next. */
  workloads(settings: Settings): Iterable<Workload> | AsyncIterable<Workload>
  readonly probes: readonly Probe[]
}
