import type { Fault, FaultKind, FaultOf } from "./fault.ts"

/** A fault in the set. What it does and counts is of this start of the emulator. */
export interface FaultEntry {
  readonly id: number
  readonly fault: Fault
  readonly fired: number
  readonly active: boolean
}

/** The faults of an emulator, in the order in which they came: where several match, the first one hits. */
export interface Faults {
  add(fault: Fault): FaultEntry
  /**
   * The first fault of these kinds that hits, counted. A fault hits where its `on` has the path, `applies` says so, its
   * `after` is over, its `chance` falls so, and it is neither used up nor stopped.
   */
  strike<Kind extends FaultKind>(
    kinds: readonly Kind[],
    path: string,
    applies?: (fault: FaultOf<Kind>) => boolean,
  ): FaultOf<Kind> | undefined
  /** Those in force, and of those that are over the newest 1,000. */
  list(): FaultEntry[]
  /** Whether one of this number is kept. */
  stop(id: number): boolean
  stopAll(): void
}

interface Entry {
  id: number
  fault: Fault
  fired: number
  passed: number
  stopped: boolean
  /** When it ends by itself, on the clock of `performance.now`. */
  ends: number
  random(): number
}

/** Bounded, so that an emulator that runs for days does not grow. */
const maxOver = 1_000

export function createFaults(seed: number): Faults {
  const all = new Map<number, Entry>()
  /** Those that may still hit, so that a long list of faults used up costs a request nothing. */
  let live: Entry[] = []
  let newestId = 0
  const isActive = (entry: Entry) =>
    !entry.stopped && entry.fired < most(entry.fault) && performance.now() < entry.ends

  /** Lets go of the oldest of those that are over; whoever holds a handle of one can read its count still. */
  function forget(): void {
    live = live.filter(isActive)
    let surplus = all.size - live.length - maxOver
    for (const [id, entry] of all) {
      if (surplus <= 0) return
      if (isActive(entry)) continue
      all.delete(id)
      surplus--
    }
  }

  const show = (entry: Entry): FaultEntry => ({
    id: entry.id,
    fault: entry.fault,
    get fired() {
      return entry.fired
    },
    get active() {
      return isActive(entry)
    },
  })

  return {
    add(fault) {
      const id = ++newestId
      // A table is changed when the fault is given: that was the one time.
      const fired = isTableChange(fault) ? 1 : 0
      const ends = performance.now() + lifetime(fault)
      const entry = { id, fault, fired, passed: 0, stopped: false, ends, random: createRandom(seed + id) }
      all.set(id, entry)
      if (isActive(entry)) live.push(entry)
      forget()
      return show(entry)
    },
    strike(kinds, path, applies = () => true) {
      live = live.filter(isActive)
      for (const entry of live) {
        const fault = ofKind(entry.fault, kinds)
        if (fault === undefined || !matches(fault, path) || !applies(fault)) continue
        const { after = 0 } = fault as { after?: number }
        if (entry.passed++ < after) continue
        const { chance = 1 } = fault as { chance?: number }
        if (chance < 1 && entry.random() >= chance) continue
        entry.fired++
        return fault
      }
      return undefined
    },
    list() {
      forget()
      return [...all.values()].map(show)
    },
    stop(id) {
      const entry = all.get(id)
      if (entry !== undefined) entry.stopped = true
      return entry !== undefined
    },
    stopAll() {
      for (const entry of live) entry.stopped = true
    },
  }
}

function ofKind<Kind extends FaultKind>(fault: Fault, kinds: readonly Kind[]): FaultOf<Kind> | undefined {
  return kinds.some(kind => kind === fault.kind) ? (fault as FaultOf<Kind>) : undefined
}

function isTableChange(fault: Fault): boolean {
  return fault.kind === "drop_table" || fault.kind === "recreate_table"
}

/** How often a fault hits at most. */
function most(fault: Fault): number {
  if (isTableChange(fault)) return 1
  const byKind = isLasting(fault) ? "always" : 1
  const { times = byKind } = fault as { times?: number | "always" }
  return times === "always" ? Number.POSITIVE_INFINITY : times
}

function lifetime(fault: Fault): number {
  const forever = Number.POSITIVE_INFINITY
  // The milliseconds of the slow kinds are those of each answer.
  return isLasting(fault) ? (fault.milliseconds ?? forever) : forever
}

function isLasting(
  fault: Fault,
): fault is FaultOf<"recovering" | "body_limit" | "wrong_password" | "refuse_rows"> {
  return ["recovering", "body_limit", "wrong_password", "refuse_rows"].includes(fault.kind)
}

function matches(fault: Fault, path: string): boolean {
  const { on = "any" } = fault as { on?: string }
  if (on === "ping") return path === "/ping"
  if (on === "any") return path.startsWith("/api/")
  return new RegExp(`^/api/v\\d/${on}(/|$)`).test(path)
}

/** Numbers from 0 to 1 that are the same for the same seed (the generator mulberry32). */
function createRandom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}
