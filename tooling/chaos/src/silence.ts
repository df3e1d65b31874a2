/** Notices that nothing goes on any more, so that nobody waits for ever. */
export interface Silence {
  /** To be called often. */
  listen(): void
  /** Once true it stays true. */
  readonly isThere: boolean
}

/**
 * @param progress a number that changes while something goes on
 * @param maxMs for how long it may stay the same
 * @param notice called once
 */
export function createSilence(
  progress: () => number,
  maxMs: number,
  notice: () => void,
  now: () => number = Date.now,
): Silence {
  let last = progress()
  let since = now()
  let isThere = false
  return {
    listen() {
      const current = progress()
      if (current !== last) since = now()
      last = current
      if (isThere || now() - since <= maxMs) return
      isThere = true
      notice()
    },
    get isThere() {
      return isThere
    },
  }
}
