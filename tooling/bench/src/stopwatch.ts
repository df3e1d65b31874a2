/** Time and garbage of this process. */
export interface Stopwatch {
  /** CPU microseconds so far, of all threads. */
  cpu(): number
  /** Microseconds on the wall since some moment. */
  wall(): number
  /**
   * Collects young garbage, so that the next sample does not pay for what the last one left. Not all of it: then V8
   * also drops compiled code whose objects have died, and a sample would measure how fast that is made anew.
   */
  clear(): void
  /** Collects all garbage, for looking at the heap. */
  clearAll(): void
}

/** @throws Error where Node was started without --expose-gc */
export function createStopwatch(): Stopwatch {
  const collect = globalThis.gc
  if (collect === undefined) {
    throw new Error("Start Node with --expose-gc: each side shall pay for its own garbage only.")
  }
  return {
    cpu() {
      const { user, system } = process.cpuUsage()
      return user + system
    },
    wall: () => performance.now() * 1_000,
    clear: () => void collect({ type: "minor" }),
    clearAll: () => void collect(),
  }
}
