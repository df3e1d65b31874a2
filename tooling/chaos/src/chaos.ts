import type { StoredRow } from "@singlesink/conformance/expected-row"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { createRandom } from "@singlesink/fixtures"
import { type Backlog, createBacklog } from "./backlog.ts"
import { toId } from "./events.ts"
import { createTrouble } from "./faults.ts"
import { startLife } from "./life.ts"
import { live } from "./live.ts"
import { type Judgement, judge } from "./oracle.ts"
import { createSilence } from "./silence.ts"

export interface ChaosOptions {
  seed: number
  /** Whether the table has a key. */
  deduplicate: boolean
  /** Writers to be killed, at least; with 0 each is closed. */
  kills: number
  /** Requests to be hit by a fault, at least. */
  faults: number
  /** Events between two looks at the memory of a writer that lives on: first with faults, then without. */
  eventsPerLook: { storm: number; calm: number }
  earlyAck: boolean
  /** The script that writes. @default the real one */
  script?: string
  /** When nothing has come to an end for so long, something hangs. @default 20,000 */
  maxSilenceMs?: number
}

/** How often the memory of a writer is looked at. */
export const looks = 4

export interface Findings extends Judgement {
  produced: number
  acknowledged: number
  rejected: number
  redelivered: number
  kills: number
  closes: number
  faults: Map<string, number>
  /** What a long life uses, after each of the looks; fewer where it did not live to see them all. */
  memoryBytes: number[]
  complaints: string[]
  milliseconds: number
}

const table = "chaos"

/** How long the writer that lies may take to make what it said true, once it is to close. */
const liarPatienceMs = 20_000

/** Events through writers that are killed, to a server that fails, and what the table says then. */
export async function runChaos(options: ChaosOptions, log: (line: string) => void): Promise<Findings> {
  const { seed, deduplicate, earlyAck, script, maxSilenceMs = 20_000 } = options
  const startedAt = Date.now()
  const random = createRandom(seed)
  const backlog = createBacklog()
  const complaints: string[] = []
  const complain = (sentence: string) => {
    if (complaints.length < 20 && !complaints.includes(sentence)) complaints.push(sentence)
  }
  await using emulator = await startEmulator({ seed })
  const { url } = emulator
  const api = createDataApi({ url, username: "root", password: "", database: "events" })
  await api.exec(createTableSql({ table, deduplicate }))
  const trouble = await createTrouble(emulator, random)
  const hits = () =>
    [...trouble.counts()].reduce((sum, [kind, count]) => sum + (kind === "poisoned rows" ? 0 : count), 0)
  // An event that fails and comes again is no progress: that can go on for ever.
  const progress = () => backlog.acknowledged.size + backlog.rejected.size + hits()
  const silence = createSilence(progress, maxSilenceMs, () =>
    complain(`for ${maxSilenceMs} ms nothing came to an end, of ${backlog.underWay} events under way`),
  )
  const surroundings = { backlog, trouble, random, silence }
  const start = () =>
    startLife(
      { url, table, deduplicate, seed, earlyAck },
      { backlog, complain, script, ...(earlyAck && { patienceMs: liarPatienceMs }) },
    )
  let [kills, closes] = [0, 0]

  while (!silence.isThere && (kills < options.kills || hits() < options.faults)) {
    const life = start()
    const endsAt = Date.now() + 150 + random.below(900)
    await live(life, "storm", surroundings, () => Date.now() >= endsAt)
    silence.listen()
    // It ended by itself, which is a complaint. Another takes its place.
    if (!life.isUp) continue
    if (options.kills === 0 || random.chance(0.15)) {
      await life.close(random.below(500))
      closes++
    } else {
      await life.kill()
      kills++
      if (kills % 25 === 0) log(`  ${kills} killed, ${backlog.produced} events, ${hits()} faults`)
    }
  }

  let life = start()
  const memoryBytes: number[] = []
  const settledAgain = (count: number) => {
    const target = life.settled + count
    return () => life.settled >= target
  }
  for (let look = 0; look < looks && life.isUp && !silence.isThere; look++) {
    await live(life, "storm", surroundings, settledAgain(options.eventsPerLook.storm))
    await trouble.calm()
    // Without faults events are cheap, and so many that a leak shows.
    await live(life, "calm", surroundings, settledAgain(options.eventsPerLook.calm))
    // Events under way would be memory in use.
    await live(life, "drought", surroundings, () => backlog.underWay === 0)
    const bytes = await life.memoryBytes()
    if (bytes !== undefined) memoryBytes.push(bytes)
  }
  await trouble.calm()
  backlog.end()
  if (!life.isUp) life = start()
  await live(life, "calm", surroundings, () => backlog.isDone)
  await life.close(5_000)
  closes++

  const judgement = await judge(seed, backlog, readRows(emulator, seed, backlog))
  const [{ n = 0 } = {}] = await emulator.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)
  if (n !== judgement.rows) complain(`${n - judgement.rows} rows are of events that were never sent`)
  return {
    ...judgement,
    produced: backlog.produced,
    acknowledged: backlog.acknowledged.size,
    rejected: backlog.rejected.size,
    redelivered: backlog.redelivered,
    kills,
    closes,
    faults: trouble.counts(),
    memoryBytes,
    complaints,
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
