import type { FixtureEvent } from "@singlesink/fixtures"
import type { HostRun } from "./hosts.ts"
import type { Found } from "./report.ts"

/** The largest request body that the Data API accepts. */
const maxRequestBytes = 1_000_000

/** A statement about the numbers that must be true. */
export interface Claim {
  says: string
  holds: boolean
}

/** The claims that must hold for any events. */
export function toClaims(
  events: readonly FixtureEvent[],
  [first, second]: [HostRun, HostRun],
  found: Found,
): Claim[] {
  const runs = [first, second]
  const ids = new Set(events.map(event => event.messageId)).size
  const lost = ids - found.rows
  const largest = Math.max(...runs.map(run => run.largestRequest))
  const ofTypes = found.types.reduce((sum, type) => sum + type.events, 0)
  return [
    {
      says: `each host reported an outcome for each of its ${events.length} events, and rejected or failed none`,
      holds: runs.every(
        run =>
          run.eventsIn === events.length && run.stored === run.eventsIn && run.rejected + run.failed === 0,
      ),
    },
    { says: `${found.rows} rows in the table for ${ids} messageIds: ${lost} lost`, holds: lost === 0 },
    {
      says: `${first.duplicates} duplicates from the first host, ${second.duplicates} from the second: the key keeps each event once`,
      holds: first.duplicates === first.stored - ids && second.duplicates === second.stored,
    },
    { says: `the types add up to ${ofTypes}`, holds: ofTypes === found.rows },
    {
      says: `the largest request has ${largest} of ${maxRequestBytes} bytes`,
      holds: largest > 0 && largest <= maxRequestBytes,
    },
  ]
}
