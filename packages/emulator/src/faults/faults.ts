import type { Fault, FaultKind, FaultOf } from "./fault.ts"

/** An injected fault. */
export interface FaultHandle {
  /** The number of requests that it has hit. */
  readonly fired: number
  /** Ends the fault for later requests. */
  stop(): void
}

/** The active faults, in the order of their injection. */
export interface Faults {
  add(fault: Fault): FaultHandle
  /** Counts and returns the first fault of these kinds that hits the request. */
  take<Kind extends FaultKind>(
    kinds: readonly Kind[],
    path: string,
    applies?: (fault: FaultOf<Kind>) => boolean,
  ): FaultOf<Kind> | undefined
  clear(): void
}

interface Entry {
  fault: Fault
  fired: number
  skipped: number
  times: number
  /** The end of the fault, on the clock of `performance.now`. */
  endsAt: number
  random(): number
}

export function createFaults(seed: number): Faults {
  let active: Entry[] = []
  let count = 0

  return {
    add(fault) {
      count += 1
      const entry: Entry = {
        fault,
        fired: 0,
        skipped: 0,
        times: toTimes(fault),
        endsAt: performance.now() + toDuration(fault),
        random: createRandom(seed + count),
      }
      active.push(entry)
      return {
        get fired() {
          return entry.fired
        },
        stop() {
          active = active.filter(other => other !== entry)
        },
      }
    },
    take(kinds, path, applies = () => true) {
      const now = performance.now()
      active = active.filter(({ fired, times, endsAt }) => fired < times && now < endsAt)
      for (const entry of active) {
        const fault = ofKind(entry.fault, kinds)
        if (fault === undefined || !matches(fault, path) || !applies(fault)) continue
        const { skip = 0, chance = 1 } = fault
        if (entry.skipped < skip) entry.skipped += 1
        else if (chance === 1 || entry.random() < chance) {
          entry.fired += 1
          return fault
        }
      }
      return undefined
    },
    clear() {
      active = []
    },
  }
}

function ofKind<Kind extends FaultKind>(fault: Fault, kinds: readonly Kind[]): FaultOf<Kind> | undefined {
  return kinds.some(kind => kind === fault.kind) ? (fault as FaultOf<Kind>) : undefined
}

function toTimes(fault: Fault): number {
  const isLasting =
    fault.kind === "body_limit" || fault.kind === "reject_rows" || Number.isFinite(toDuration(fault))
  const { times = isLasting ? "always" : 1 } = fault
  return times === "always" ? Number.POSITIVE_INFINITY : times
}

function toDuration(fault: Fault): number {
  // The milliseconds of a delay are those of each answer.
  return fault.kind === "delay" ? Number.POSITIVE_INFINITY : (fault.milliseconds ?? Number.POSITIVE_INFINITY)
}

function matches({ on = "any" }: Fault, path: string): boolean {
  if (on === "ping") return path === "/ping"
  return path.startsWith("/api/") && (on === "any" || path.split("/")[3] === on)
}

/** Returns the same numbers from 0 to 1 for the same seed (the generator mulberry32). */
function createRandom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}
