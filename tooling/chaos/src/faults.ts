import type { Emulator, Fault, FaultHandle } from "@singlesink/emulator"
import type { Random } from "@singlesink/fixtures"
import { poison } from "./events.ts"

type Makers = readonly [(random: Random) => Fault, ...((random: Random) => Fault)[]]

/** Faults that a retry survives. None removes stored rows, because no client could recover from that. */
const transientFaults: Makers = [
  random => ({ kind: "respond", status: 503, times: 1 + random.below(3) }),
  random => ({ kind: "respond", status: 429, headers: { "retry-after": "0" }, times: 1 + random.below(3) }),
  () => ({ kind: "respond", status: 500, body: "some partitions are offline" }),
  random => ({ kind: "delay", part: "headers", milliseconds: random.below(400) }),
  random => ({ kind: "delay", part: "body", milliseconds: random.below(400) }),
  () => ({ kind: "hang" }),
  () => ({ kind: "reset", at: "start" }),
  () => ({ kind: "reset", at: "body" }),
  () => ({ kind: "reset", at: "commit" }),
  () => ({ kind: "disconnect", after: "commit" }),
  () => ({ kind: "hang", after: "commit" }),
  () => ({ kind: "respond", status: 504, after: "commit" }),
  () => ({ kind: "respond", status: 502, after: "commit" }),
  () => ({ kind: "truncate" }),
  random => ({ kind: "reset", reusedOnly: true, times: 1 + random.below(4) }),
  random => ({ kind: "body_limit", maxBytes: 10_000 + random.below(80_000), milliseconds: 100 }),
  random => ({ kind: "body_limit", maxBytes: 10_000 + random.below(80_000), milliseconds: 100, status: 413 }),
  random => ({ kind: "respond", engineCode: 2269, milliseconds: random.below(100) }),
  random => ({ kind: "respond", engineCode: 1205, times: 1 + random.below(3) }),
  () => ({ kind: "respond", engineCode: 1712 }),
  () => ({ kind: "respond", engineCode: 2013 }),
  () => ({ kind: "reject_rows", every: 50, body: "the moon is in the wrong house", milliseconds: 50 }),
]

/** Configuration errors. After one the sink fails all events for a second, so a few are enough. */
const configurationFaults: Makers = [
  () => ({ kind: "respond", status: 200, body: "<html>Sign in</html>" }),
  () => ({ kind: "respond", status: 302 }),
  () => ({ kind: "respond", status: 307 }),
  () => ({ kind: "respond", status: 401, engineCode: 1045, milliseconds: 20 }),
  () => ({ kind: "respond", status: 500, body: "Error 1146 (42S02): Table 'events.gone' doesn't exist" }),
]

const shareOfConfigurationFaults = 0.02

/** Whether a fault ends after a time and not after a number of requests. */
const isTimed = (fault: Fault) =>
  fault.kind === "reject_rows" || (fault.kind !== "delay" && fault.milliseconds !== undefined)

/** Faults that wait for a request. With more of them no request would succeed. */
const maxWaiting = 2

export interface FaultSource {
  /** Injects a random fault unless too many are waiting. */
  inject(): Promise<void>
  /** Ends all faults except the rejection of poisoned rows. */
  clear(): Promise<void>
  /** Counts the affected requests by kind of fault. */
  counts(): Map<string, number>
}

/** Makes the emulator reject poisoned rows, and injects random faults on request. */
export async function createFaultSource(emulator: Emulator, random: Random): Promise<FaultSource> {
  const handles: { kind: string; handle: FaultHandle }[] = []
  let waiting: { handle: FaultHandle; times: number }[] = []
  const rejectPoison = () => start({ kind: "reject_rows", containing: poison })

  async function start(fault: Fault): Promise<void> {
    const kind = fault.kind === "reject_rows" && fault.body === undefined ? "poisoned rows" : fault.kind
    const handle = await emulator.injectFault(fault)
    handles.push({ kind, handle })
    if (!isTimed(fault)) waiting.push({ handle, times: "times" in fault ? Number(fault.times) : 1 })
  }

  await rejectPoison()
  return {
    async inject() {
      waiting = waiting.filter(({ handle, times }) => handle.fired < times)
      if (waiting.length >= maxWaiting) return
      const makers = random.chance(shareOfConfigurationFaults) ? configurationFaults : transientFaults
      await start(random.pick(makers)(random))
    },
    async clear() {
      emulator.clearFaults()
      waiting = []
      await rejectPoison()
    },
    counts() {
      const counts = new Map<string, number>()
      for (const { kind, handle } of handles) counts.set(kind, (counts.get(kind) ?? 0) + handle.fired)
      return counts
    },
  }
}
