import type { Logger, StatsContext } from "@segment/actions-core"
import { type Outcome, runCallback } from "@singlesink/core"

/** Reports to the host how many events had which outcome, without values and secrets. It never throws. */
export function reportOutcomes(
  outcomes: readonly Outcome[],
  statsContext: StatsContext | undefined,
  logger: Logger | undefined,
): void {
  const counts = new Map<string, number>()
  for (const outcome of outcomes) {
    const name = outcome.status === "stored" ? "stored" : `${outcome.status}.${outcome.error.code}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  for (const [name, count] of counts) {
    runCallback(() => statsContext?.statsClient?.incr?.(`singlesink.${name}`, count, statsContext.tags))
    if (name === "stored") continue
    const line = `singlesink: ${count} of ${outcomes.length} events ${name.replace(".", ": ")}`
    runCallback(() => logger?.warn?.(line))
  }
}
