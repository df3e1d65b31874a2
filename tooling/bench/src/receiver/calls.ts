import autocannon from "autocannon"
import { createEvents } from "../events.ts"

/** What the clients of a run saw. */
export interface CallResult {
  readonly calls: number
  readonly callsPerSecond: number
  readonly p99Ms: number
}

const headers = {
  "content-type": "application/json",
  authorization: `Basic ${Buffer.from("a-write-key:").toString("base64")}`,
}

/** Calls the route of single events from so many connections at once. @throws Error if a call is not answered 200 */
export function callTrack(url: string, connections: number, seconds: number): Promise<CallResult> {
  const bodies = createEvents("0.8 KB", 200).map(event => JSON.stringify({ ...event, type: "track" }))
  return call(url, "/v1/track", bodies, { connections, duration: seconds })
}

/** Sends batches until so many calls are answered. @throws Error if a call is not answered 200 */
export function callBatch(url: string, rows: number, calls: number): Promise<CallResult> {
  const events = createEvents("0.8 KB", rows * 20)
  const bodies = Array.from({ length: 20 }, (_, index) =>
    JSON.stringify({ batch: events.slice(index * rows, (index + 1) * rows) }),
  )
  return call(url, "/v1/batch", bodies, { connections: 16, amount: calls })
}

async function call(
  url: string,
  path: string,
  bodies: readonly string[],
  load: { connections: number } & ({ duration: number } | { amount: number }),
): Promise<CallResult> {
  const requests = bodies.map(body => ({ method: "POST" as const, path, headers, body }))
  const result = await autocannon({ url, requests, timeout: 30, ...load })
  const { "2xx": calls, non2xx, errors, requests: rate, latency } = result
  if (non2xx + errors > 0) throw new Error(`${non2xx + errors} calls of ${path} were not answered 200.`)
  return { calls, callsPerSecond: rate.average, p99Ms: latency.p99 }
}
