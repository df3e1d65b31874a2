import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { createTableSql } from "@singlesink/core"
import { startEmulator } from "@singlesink/emulator"
import { createRandom } from "@singlesink/fixtures"
import { type Backlog, createBacklog } from "../backlog.ts"
import { isBad, toNumber } from "../events.ts"
import { createFaultSource } from "../faults.ts"
import { createWatchdog } from "../watchdog.ts"
import { type Caller, createBalancedCaller, createRudderCaller, createSegmentCaller } from "./callers.ts"
import { createReceiverProcess, type ReceiverProcess } from "./process.ts"

export interface ReceiverChaosOptions {
  seed: number
  /** How many times a receiver is killed. */
  kills: number
}

export interface ReceiverFindings {
  produced: number
  redelivered: number
  kills: number
  faults: number
  /** Acknowledged, but neither in the table nor, if it is bad, in the dead letters. */
  lost: number[]
  /** In the table more than once. */
  doubled: number[]
  /** In the table although it is bad. */
  unexpected: number[]
  violations: string[]
  milliseconds: number
}

const [table, writeKey] = ["chaos_receiver", "a-write-key"]
const [maxUnderWay, maxIdleMs] = [600, 30_000]

/** Kills two receivers on one table while real SDKs call them and the database fails. */
export async function runReceiverChaos({ seed, kills }: ReceiverChaosOptions): Promise<ReceiverFindings> {
  const startedAt = Date.now()
  const folder = await mkdtemp(join(tmpdir(), "singlesink-chaos-"))
  const random = createRandom(seed)
  const violations: string[] = []
  await using emulator = await startEmulator({ seed })
  await emulator.exec(createTableSql({ table }))
  const faults = await createFaultSource(emulator, random)
  const receivers = await Promise.all(
    ["a", "b"].map(name =>
      createReceiverProcess({
        databaseUrl: emulator.url,
        table,
        writeKey,
        deadLetters: join(folder, `${name}.ndjson`),
      }),
    ),
  )
  const [first, second] = receivers as [ReceiverProcess, ReceiverProcess]
  await Promise.all(receivers.map(({ start }) => start()))
  const balancer = createBalancedCaller([first.url, second.url], writeKey, seed)
  const callers = [
    createSegmentCaller(first.url, writeKey, seed),
    createSegmentCaller(second.url, writeKey, seed),
    createRudderCaller(first.url, writeKey, seed),
    balancer,
  ]
  const backlog = createBacklog()
  const watchdog = createWatchdog(
    () => backlog.acknowledged.size,
    maxIdleMs,
    () => violations.push(`no event was acknowledged for ${maxIdleMs} ms`),
  )
  const pump = startPump(backlog, callers, balancer)
  const disturb = setInterval(() => void faults.inject(), 60)

  let killed = 0
  while (killed < kills && !watchdog.isExpired) {
    await sleep(150 + random.below(900))
    watchdog.check()
    const victim = random.pick([first, second] as const)
    await victim.kill()
    killed++
    await sleep(random.below(200))
    await victim.start()
  }

  clearInterval(disturb)
  await faults.clear()
  backlog.end()
  while (!backlog.isDone && !watchdog.isExpired) {
    watchdog.check()
    await sleep(50)
  }
  pump.stop()
  await Promise.all(callers.map(({ close }) => close()))
  for (const receiver of receivers) {
    if (!(await receiver.close())) violations.push("a receiver did not exit with 0 after SIGTERM")
  }

  const counts = await emulator.query<{ messageId: string; n: number }>(
    `SELECT messageId, COUNT(*) AS n FROM ${table} GROUP BY messageId`,
  )
  const rows = new Map(counts.map(({ messageId, n }) => [toNumber(messageId), Number(n)]))
  const dead = await readDeadLetters(receivers)
  await rm(folder, { recursive: true, force: true })
  return {
    produced: backlog.produced,
    redelivered: backlog.redelivered,
    kills: killed,
    faults: [...faults.counts().values()].reduce((sum, count) => sum + count, 0),
    lost: [...backlog.acknowledged].filter(number => !(isBad(number) ? dead : rows).has(number)),
    doubled: [...rows].flatMap(([number, count]) => (count > 1 ? [number] : [])),
    unexpected: [...rows.keys()].filter(number => isBad(number) || number >= backlog.produced),
    violations,
    milliseconds: Date.now() - startedAt,
  }
}

/**
 * Feeds the callers. An event that is not acknowledged is sent again, perhaps by another caller.
 * Bad events go to the balancer: the SDKs refuse some of them, and do not say which event of a batch was rejected.
 */
function startPump(backlog: Backlog, callers: readonly Caller[], balancer: Caller): { stop(): void } {
  let turn = 0
  const timer = setInterval(() => {
    if (backlog.underWay >= maxUnderWay) return
    for (const number of backlog.take(20)) {
      const caller = isBad(number) ? balancer : (callers[turn++ % callers.length] as Caller)
      void caller
        .send(number)
        .then(isAcknowledged => backlog.settle([number], isAcknowledged ? "acknowledged" : "returned"))
    }
  }, 10)
  return { stop: () => clearInterval(timer) }
}

async function readDeadLetters(receivers: readonly ReceiverProcess[]): Promise<Set<number>> {
  const numbers = new Set<number>()
  for (const { deadLetters } of receivers) {
    for (const line of (await readFile(String(deadLetters), "utf8")).split("\n")) {
      if (line === "") continue
      const { event } = JSON.parse(line) as { event: { messageId: string } }
      numbers.add(toNumber(event.messageId))
    }
  }
  return numbers
}
