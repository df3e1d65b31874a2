/** Detects a run that makes no progress, so that the run ends. */
export interface Watchdog {
  /** Compares the progress with the last check. Call it often. */
  check(): void
  /** Stays true once it is true. */
  readonly isExpired: boolean
}

/**
 * @param progress returns a number that changes with every progress
 * @param maxMs how long the number may stay the same
 * @param onExpired called once
 */
export function createWatchdog(
  progress: () => number,
  maxMs: number,
  onExpired: () => void,
  now: () => number = Date.now,
): Watchdog {
  let last = progress()
  let since = now()
  let isExpired = false
  return {
    check() {
      const current = progress()
      if (current !== last) since = now()
      last = current
      if (isExpired || now() - since <= maxMs) return
      isExpired = true
      onExpired()
    },
    get isExpired() {
      return isExpired
    },
  }
}
