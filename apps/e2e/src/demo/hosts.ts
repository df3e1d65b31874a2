import type { FixtureEvent } from "@singlesink/fixtures"
import { type Meter, startMeter } from "./meter.ts"
import type { Target } from "./target.ts"

/** What the host said of the events. */
interface Verdicts {
  stored: number
  refused: number
  failed: number
}

/** Sends events through a host to the Data API at `url`. */
export type Send = (events: readonly FixtureEvent[], to: Target) => Promise<Verdicts>

/** What one host did: its own words, and what the wire shows. */
export interface HostRun extends Verdicts, Omit<Meter, "url" | "close"> {
  name: string
  eventsIn: number
  duplicates: number
}

export async function runHost(
  name: string,
  send: Send,
  events: readonly FixtureEvent[],
  target: Target,
): Promise<HostRun> {
  const meter = await startMeter(target.url)
  try {
    const verdicts = await send(events, { ...target, url: meter.url })
    const { url: _, close: __, ...measured } = meter
    return {
      name,
      eventsIn: events.length,
      ...verdicts,
      ...measured,
      duplicates: verdicts.stored - meter.rowsAffected,
    }
  } finally {
    await meter.close()
  }
}
