import type { LiveSecond } from "./protocol.ts"

/** Counts and latencies of each second. */
export interface Traffic {
  add(outcome: "stored" | "rejected" | "failed", milliseconds: number): void
  /** The seconds that ended since the last call. */
  take(): LiveSecond[]
  /** The latest seconds, oldest first. */
  list(): readonly LiveSecond[]
}

const [maxSeconds, maxLatencies] = [180, 512]

/** @param now in milliseconds since 1970 */
export function createTraffic(now: () => number = Date.now): Traffic {
  const seconds: LiveSecond[] = []
  let taken: LiveSecond[] = []
  let open = startSecond()

  function startSecond() {
    return { at: Math.floor(now() / 1_000), stored: 0, rejected: 0, failed: 0, latencies: [] as number[] }
  }

  /** Closes the seconds before this one; those without an event are zero. */
  function advance(): void {
    const current = Math.floor(now() / 1_000)
    // After a pause of the process only the latest seconds are of use.
    if (current - open.at > maxSeconds) open.at = current - maxSeconds
    while (open.at < current) {
      const { latencies, ...counts } = open
      latencies.sort((a, b) => a - b)
      const second = { ...counts, p50: toQuantile(latencies, 0.5), p99: toQuantile(latencies, 0.99) }
      seconds.push(second)
      taken.push(second)
      if (seconds.length > maxSeconds) seconds.shift()
      if (taken.length > maxSeconds) taken.shift()
      open = { ...startSecond(), at: open.at + 1 }
    }
  }

  return {
    add(outcome, milliseconds) {
      advance()
      const count = ++open[outcome]
      if (outcome !== "stored") return
      // A uniform sample of the second.
      const index = count <= maxLatencies ? count - 1 : Math.floor(Math.random() * count)
      if (index < maxLatencies) open.latencies[index] = milliseconds
    },
    take() {
      advance()
      const result = taken
      taken = []
      return result
    },
    list() {
      advance()
      return seconds
    },
  }
}

function toQuantile(sorted: readonly number[], quantile: number): number | null {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))]
  return value === undefined ? null : Math.round(value * 10) / 10
}
