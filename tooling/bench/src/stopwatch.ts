/** The clocks and the garbage collection of this process. */
export interface Stopwatch {
  /** CPU microseconds since the start, of all threads. */
  cpu(): number
  /** Microseconds of wall time. */
  wall(): number
  /**
   * Collects young garbage, so that a sample does not pay for the garbage of the previous one. A full collection would
   * also discard compiled code, and the next sample would measure its compilation.
   */
  clear(): void
  /** Collects all garbage, to measure the heap. */
  clearAll(): void
}

/** @throws Error if Node runs without --expose-gc */
export function createStopwatch(): Stopwatch {
  const collect = globalThis.gc
  if (collect === undefined) {
    throw new Error("Start Node with --expose-gc. The bench collects garbage between samples.")
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
