import type { Outcome, StartHost, Target } from "@singlesink/conformance"
import type { FixtureEvent } from "@singlesink/fixtures"
import { type Meter, startMeter } from "./meter.ts"

/** The result of one host: its own report and the measurements on the wire. */
export interface HostRun extends Record<Outcome, number>, Omit<Meter, "url" | "close"> {
  name: string
  eventsIn: number
  duplicates: number
}

export async function runHost(
  name: string,
  start: StartHost,
  events: readonly FixtureEvent[],
  target: Target,
): Promise<HostRun> {
  const meter = await startMeter(target.url)
  try {
    const { username, password, database, table } = target
    const host = await start({ url: meter.url, username, password, database, table })
    const counts = { stored: 0, rejected: 0, failed: 0 }
    for (const outcome of await host.deliver(events)) counts[outcome]++
    const { url: _, close: __, ...measured } = meter
    return {
      name,
      eventsIn: events.length,
      ...counts,
      ...measured,
      duplicates: counts.stored - meter.rowsAffected,
    }
  } finally {
    await meter.close()
  }
}
