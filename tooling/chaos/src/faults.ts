import type { Emulator, Fault, FaultHandle } from "@singlesink/emulator"
import type { Random } from "@singlesink/fixtures"
import { poison } from "./events.ts"

type Makers = readonly [(random: Random) => Fault, ...((random: Random) => Fault)[]]

/** What may go wrong next. Nothing here takes stored rows away: that would be a loss which no client could mend. */
const passing: Makers = [
  random => ({ kind: "status", status: 503, times: 1 + random.below(3) }),
  random => ({ kind: "status", status: 429, retryAfter: 0, times: 1 + random.below(3) }),
  () => ({ kind: "status", status: 500, text: "some partitions are offline" }),
  random => ({ kind: "slow_headers", milliseconds: random.below(400) }),
  random => ({ kind: "slow_body", milliseconds: random.below(400) }),
  () => ({ kind: "hang" }),
  () => ({ kind: "reset", at: "start" }),
  () => ({ kind: "reset", at: "body" }),
  () => ({ kind: "reset", at: "committed" }),
  () => ({ kind: "commit_then", answer: "close" }),
  () => ({ kind: "commit_then", answer: "hang" }),
  () => ({ kind: "commit_then", answer: 504 }),
  () => ({ kind: "commit_then", answer: 502 }),
  () => ({ kind: "truncated" }),
  random => ({ kind: "stale_socket", times: 1 + random.below(4) }),
  random => ({ kind: "body_limit", maxBytes: 10_000 + random.below(80_000), milliseconds: 100 }),
  random => ({ kind: "body_limit", maxBytes: 10_000 + random.below(80_000), milliseconds: 100, answer: 413 }),
  random => ({ kind: "recovering", milliseconds: random.below(100) }),
  random => ({ kind: "engine_error", code: 1205, times: 1 + random.below(3) }),
  () => ({ kind: "engine_error", code: 1712 }),
  () => ({ kind: "engine_error", code: 2013 }),
  () => ({ kind: "refuse_rows", every: 50, text: "the moon is in the wrong house", milliseconds: 50 }),
]

/** Mistakes of the set-up: after one a sink pauses for a second, and all that comes then fails. A few are enough. */
const lasting: Makers = [
  () => ({ kind: "html" }),
  () => ({ kind: "redirect", status: 302 }),
  () => ({ kind: "redirect", status: 307 }),
  () => ({ kind: "wrong_password", milliseconds: 20 }),
  () => ({ kind: "status", status: 500, text: "Error 1146 (42S02): Table 'events.gone' doesn't exist" }),
]

const shareOfLasting = 0.02

/** What is true of the server for a while; it waits for nobody, and ends by itself. */
const conditions: ReadonlySet<Fault["kind"]> = new Set([
  "recovering",
  "body_limit",
  "wrong_password",
  "refuse_rows",
] as const)

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
  const refusePoison = () => fail({ kind: "refuse_rows", containing: poison })

  async function fail(fault: Fault): Promise<void> {
    const kind = fault.kind === "refuse_rows" && fault.text === undefined ? "poisoned rows" : fault.kind
    const handle = await emulator.fail(fault)
    handles.push({ kind, handle })
    if (!conditions.has(fault.kind))
      waiting.push({ handle, times: "times" in fault ? Number(fault.times) : 1 })
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
      emulator.mend()
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
