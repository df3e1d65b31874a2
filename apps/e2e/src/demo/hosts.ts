import type { StartHost, Target, Verdict } from "@singlesink/conformance"
import type { FixtureEvent } from "@singlesink/fixtures"
import { type Meter, startMeter } from "./meter.ts"

/** What one host did: its own words, and what the wire shows. */
export interface HostRun extends Record<Verdict, number>, Omit<Meter, "url" | "close"> {
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
    const said = { stored: 0, rejected: 0, failed: 0 }
    for (const verdict of await host.deliver(events)) said[verdict]++
    const { url: _, close: __, ...measured } = meter
    return {
      name,
      eventsIn: events.length,
      ...said,
      ...measured,
      duplicates: said.stored - meter.rowsAffected,
    }
  } finally {
    await meter.close()
  }
}
