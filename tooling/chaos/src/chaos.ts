import type { StoredRow } from "@singlesink/conformance/expected-row"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { createRandom } from "@singlesink/fixtures"
import { type Backlog, createBacklog } from "./backlog.ts"
import { drive } from "./drive.ts"
import { toId } from "./events.ts"
import { createFaultSource } from "./faults.ts"
import { checkTable, type TableCheck } from "./oracle.ts"
import { createWatchdog } from "./watchdog.ts"
import { startWriterProcess } from "./writer-process.ts"

export interface ChaosOptions {
  seed: number
  /** Whether the table has a key. */
  deduplicate: boolean
  /** Minimum number of writers to kill. With 0 each writer is closed. */
  kills: number
  /** Minimum number of requests with an injected fault. */
  faults: number
  /** Events between two samples of the memory: first with faults, then without. */
  eventsPerSample: { faults: number; steady: number }
  earlyAck: boolean
  /** The path of the writer script. @default writer.js */
  script?: string
  /** Longest time without progress before the run ends as stalled. @default 20,000 */
  maxIdleMs?: number
}

/** How many samples of the memory a run takes. */
export const samples = 4

export interface Findings extends TableCheck {
  produced: number
  acknowledged: number
  rejected: number
  redelivered: number
  kills: number
  closes: number
  faults: Map<string, number>
  /** The memory of one writer at each sample. If the writer exits early, samples are missing. */
  memoryBytes: number[]
  violations: string[]
  milliseconds: number
}

const table = "chaos"

/** How long the early-ack writer may take to store its acknowledged events at close. */
const earlyAckTimeoutMs = 20_000

/** Kills writers while the server fails, and then compares the table with their acknowledgements. */
export async function runChaos(options: ChaosOptions, log: (line: string) => void): Promise<Findings> {
  const { seed, deduplicate, earlyAck, script, maxIdleMs = 20_000 } = options
  const startedAt = Date.now()
  const random = createRandom(seed)
  const backlog = createBacklog()
  const violations: string[] = []
  const report = (sentence: string) => {
    if (violations.length < 20 && !violations.includes(sentence)) violations.push(sentence)
  }
  await using emulator = await startEmulator({ seed })
  const { url } = emulator
  const api = createDataApi({ url, username: "root", password: "", database: "events" })
  await api.exec(createTableSql({ table, deduplicate }))
  const faults = await createFaultSource(emulator, random)
  const hits = () =>
    [...faults.counts()].reduce((sum, [kind, count]) => sum + (kind === "poisoned rows" ? 0 : count), 0)
  // A failed event is not progress, because it can fail again without end.
  const progress = () => backlog.acknowledged.size + backlog.rejected.size + hits()
  const watchdog = createWatchdog(progress, maxIdleMs, () =>
    report(`no event was settled for ${maxIdleMs} ms, with ${backlog.underWay} events under way`),
  )
  const surroundings = { backlog, faults, random, watchdog }
  const start = () =>
    startWriterProcess(
      { url, table, deduplicate, seed, earlyAck },
      { backlog, report, script, ...(earlyAck && { timeoutMs: earlyAckTimeoutMs }) },
    )
  let [kills, closes] = [0, 0]

  while (!watchdog.isExpired && (kills < options.kills || hits() < options.faults)) {
    const writer = start()
    const endsAt = Date.now() + 150 + random.below(900)
    await drive(writer, "faults", surroundings, () => Date.now() >= endsAt)
    watchdog.check()
    // The writer exited, which was reported. Another one replaces it.
    if (!writer.isUp) continue
    if (options.kills === 0 || random.chance(0.15)) {
      await writer.close(random.below(500))
      closes++
    } else {
      await writer.kill()
      kills++
      if (kills % 25 === 0) log(`  ${kills} killed, ${backlog.produced} events, ${hits()} faults`)
    }
  }

  let writer = start()
  const memoryBytes: number[] = []
  const settledMore = (count: number) => {
    const target = writer.settled + count
    return () => writer.settled >= target
  }
  for (let sample = 0; sample < samples && writer.isUp && !watchdog.isExpired; sample++) {
    await drive(writer, "faults", surroundings, settledMore(options.eventsPerSample.faults))
    await faults.clear()
    // Without faults there are enough events to show a leak.
    await drive(writer, "steady", surroundings, settledMore(options.eventsPerSample.steady))
    // Events under way would count as memory in use.
    await drive(writer, "drain", surroundings, () => backlog.underWay === 0)
    const bytes = await writer.memoryBytes()
    if (bytes !== undefined) memoryBytes.push(bytes)
  }
  await faults.clear()
  backlog.end()
  if (!writer.isUp) writer = start()
  await drive(writer, "steady", surroundings, () => backlog.isDone)
  await writer.close(5_000)
  closes++

  const check = await checkTable(seed, backlog, readRows(emulator, seed, backlog))
  const [{ n = 0 } = {}] = await emulator.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)
  if (n !== check.rows) report(`${n - check.rows} rows belong to events that were never sent`)
  return {
    ...check,
    produced: backlog.produced,
    acknowledged: backlog.acknowledged.size,
    rejected: backlog.rejected.size,
    redelivered: backlog.redelivered,
    kills,
    closes,
    faults: faults.counts(),
    memoryBytes,
    violations,
    milliseconds: Date.now() - startedAt,
  }
}

const idsPerQuery = 2_000

async function* readRows(emulator: Emulator, seed: number, { produced }: Backlog): AsyncGenerator<StoredRow> {
  for (let first = 0; first < produced; first += idsPerQuery) {
    const ids = Array.from({ length: Math.min(idsPerQuery, produced - first) }, (_, index) =>
      toId(seed, first + index),
    )
    const marks = ids.map(() => "?").join(", ")
    yield* await emulator.query<StoredRow>(`SELECT * FROM ${table} WHERE messageId IN (${marks})`, ids)
  }
}
