import type { Emulator, Fault, FaultHandle } from "@singlesink/emulator"
import type { Random } from "@singlesink/fixtures"
import { poison } from "./events.ts"

type Makers = readonly [(random: Random) => Fault, ...((random: Random) => Fault)[]]

/** What may go wrong next. Nothing here takes stored rows away: that would be a loss which no client could mend. */
const passing: Makers = [
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

/** Mistakes of the set-up: after one a sink pauses for a second, and all that comes then fails. A few are enough. */
const lasting: Makers = [
  () => ({ kind: "respond", status: 200, body: "<html>Sign in</html>" }),
  () => ({ kind: "respond", status: 302 }),
  () => ({ kind: "respond", status: 307 }),
  () => ({ kind: "respond", status: 401, engineCode: 1045, milliseconds: 20 }),
  () => ({ kind: "respond", status: 500, body: "Error 1146 (42S02): Table 'events.gone' doesn't exist" }),
]

const shareOfLasting = 0.02

/** Whether a fault ends after a while instead of waiting for requests. */
const isLasting = (fault: Fault) =>
  fault.kind === "reject_rows" || (fault.kind !== "delay" && fault.milliseconds !== undefined)

/** Faults that wait for a request to hit. More of them, and none would get through any more. */
const maxWaiting = 2

export interface Trouble {
  /** One more fault, where not too many wait already. */
  add(): Promise<void>
  /** Ends all faults but the poisoned rows, which stay what they are. */
  calm(): Promise<void>
  /** How many requests were hit, by kind. */
  counts(): Map<string, number>
}

/** From now on poisoned rows are refused, and whatever `add` brings happens. */
export async function createTrouble(emulator: Emulator, random: Random): Promise<Trouble> {
  const handles: { kind: string; handle: FaultHandle }[] = []
  let waiting: { handle: FaultHandle; times: number }[] = []
  const refusePoison = () => fail({ kind: "reject_rows", containing: poison })

  async function fail(fault: Fault): Promise<void> {
    const kind = fault.kind === "reject_rows" && fault.body === undefined ? "poisoned rows" : fault.kind
    const handle = await emulator.injectFault(fault)
    handles.push({ kind, handle })
    if (!isLasting(fault)) waiting.push({ handle, times: "times" in fault ? Number(fault.times) : 1 })
  }

  await refusePoison()
  return {
    async add() {
      waiting = waiting.filter(({ handle, times }) => handle.fired < times)
      if (waiting.length >= maxWaiting) return
      const makers = random.chance(shareOfLasting) ? lasting : passing
      await fail(random.pick(makers)(random))
    },
    async calm() {
      emulator.clearFaults()
      waiting = []
      await refusePoison()
    },
    counts() {
      const counts = new Map<string, number>()
      for (const { kind, handle } of handles) counts.set(kind, (counts.get(kind) ?? 0) + handle.fired)
      return counts
    },
  }
}
