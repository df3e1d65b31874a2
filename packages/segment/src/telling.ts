import type { Logger, StatsContext } from "@segment/actions-core"
import type { Outcome } from "@singlesink/core"

/** Tells the host, where it listens, how many events came to which end; never a value or a secret. */
export function tell(
  outcomes: readonly Outcome[],
  statsContext: StatsContext | undefined,
  logger: Logger | undefined,
): void {
  if (statsContext === undefined && logger === undefined) return
  const counts = new Map<string, number>()
  for (const outcome of outcomes) {
    const end = outcome.status === "stored" ? "stored" : `${outcome.status}.${outcome.error.code}`
    counts.set(end, (counts.get(end) ?? 0) + 1)
  }
  for (const [end, count] of counts) {
    statsContext?.statsClient?.incr?.(`singlesink.${end}`, count, statsContext.tags)
    if (end !== "stored")
      logger?.warn?.(`singlesink: ${count} of ${outcomes.length} events ${end.replace(".", ": ")}`)
  }
}
