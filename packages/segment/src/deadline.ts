/** When a call has to end. */
export interface Deadline {
  /** The milliseconds that are left: 0 or less once the time is over. */
  leftMs(): number
  /** The whole time, for messages. */
  timeoutMs: number
}

/** A deadline from now on, by a clock that is not set back. */
export function createDeadline(timeoutMs: number): Deadline {
  const endsAt = performance.now() + timeoutMs
  return { timeoutMs, leftMs: () => endsAt - performance.now() }
}
