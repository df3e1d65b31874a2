import { setTimeout as sleep } from "node:timers/promises"
import type { StoredRow } from "@singlesink/conformance/expected-row"
import { createTableSql, type LayoutName } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { createRandom } from "@singlesink/fixtures"
import { type Backlog, createBacklog } from "./backlog.ts"
import { toId } from "./events.ts"
import { createTrouble } from "./faults.ts"
import { type Life, startLife } from "./life.ts"
import { type Judgement, judge } from "./oracle.ts"

export interface ChaosOptions {
  seed: number
  layout: LayoutName
  /** Writers to be killed, at least. */
  kills: number
  /** Requests to be hit by a fault, at least. */
  faults: number
  /** Events between two looks at the memory of a writer that lives on. */
  eventsPerLook: number
  earlyAck: boolean
}

export interface Findings extends Judgement {
  produced: number
  acknowledged: number
  refused: number
  redelivered: number
  kills: number
  closes: number
  faults: Map<string, number>
  /** Heap of a long life, in bytes, after each quarter of its events. */
  heapBytes: number[]
  complaints: string[]
  milliseconds: number
}

const table = "chaos"

/** Most events under way; a producer waits for fewer. */
const maxUnderWay = 2_000

/** When nothing has come to an end for so long, something hangs. */
const maxSilenceMs = 20_000

/** Events through writers that are killed, to a server that fails, and what the table says then. */
export async function runChaos(options: ChaosOptions, log: (line: string) => void): Promise<Findings> {
  const { seed, layout } = options
  const startedAt = Date.now()
  const random = createRandom(seed)
  const backlog = createBacklog()
  const complaints: string[] = []
  const complain = (sentence: string) => void (complaints.length < 20 && complaints.push(sentence))
  await using emulator = await startEmulator({ seed })
  const { url } = emulator
  const api = createDataApi({ url, username: "root", password: "", database: "events" })
  await api.exec(createTableSql({ table, layout }))
  const trouble = await createTrouble(emulator, random)
  const start = () => startLife({ url, table, layout, seed, earlyAck: options.earlyAck }, backlog, complain)

  /** Feeds a life with bursts of random size, by several producers, until `isOver`; with trouble on the way. */
  async function live(life: Life, isOver: () => boolean): Promise<void> {
    let silentSince = Date.now()
    let settled = life.settled
    const isSilent = () => Date.now() - silentSince > maxSilenceMs
    const untilOver = async (step: () => unknown, pauseMs: number) => {
      while (!isOver() && !isSilent()) {
        await step()
        await sleep(random.below(pauseMs))
      }
    }
    const produce = () => {
      if (backlog.underWay >= maxUnderWay) return
      const numbers = backlog.take(1 + random.below(random.chance(0.1) ? 600 : 60))
      if (numbers.length > 0) life.feed(random.chance(0.7) ? "write" : "deliver", numbers)
    }
    const watch = () => {
      if (life.settled !== settled || backlog.underWay === 0) silentSince = Date.now()
      settled = life.settled
    }
    await Promise.all([
      untilOver(produce, 20),
      untilOver(produce, 60),
      untilOver(produce, 200),
      untilOver(() => isEnding || trouble.add(), 40),
      untilOver(watch, 100),
    ])
    if (isSilent()) complain(`for ${maxSilenceMs} ms none of ${backlog.underWay} events came to an end`)
  }

  let isEnding = false
  let [kills, closes] = [0, 0]
  const hits = () =>
    [...trouble.counts()].reduce((sum, [kind, count]) => sum + (kind === "poisoned rows" ? 0 : count), 0)

  while (kills < options.kills || hits() < options.faults) {
    const life = start()
    const endsAt = Date.now() + 150 + random.below(900)
    await live(life, () => Date.now() >= endsAt)
    if (random.chance(0.15)) {
      await life.close(random.below(500))
      closes++
    } else {
      await life.kill()
      kills++
      if (kills % 25 === 0) log(`  ${kills} killed, ${backlog.produced} events, ${hits()} faults`)
    }
  }

  const life = start()
  const heapBytes: number[] = []
  for (let quarter = 0; quarter < 4; quarter++) {
    const target = life.settled + options.eventsPerLook
    await live(life, () => life.settled >= target)
    heapBytes.push(await life.heapBytes())
  }
  isEnding = true
  await trouble.end()
  backlog.end()
  await live(life, () => backlog.isDone)
  await life.close(5_000)
  closes++

  const judgement = await judge(seed, backlog, readRows(emulator, seed, backlog))
  const [{ n = 0 } = {}] = await emulator.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)
  if (n !== judgement.rows) complain(`${n - judgement.rows} rows are of events that were never sent`)
  return {
    ...judgement,
    produced: backlog.produced,
    acknowledged: backlog.acknowledged.size,
    refused: backlog.refused.size,
    redelivered: backlog.redelivered,
    kills,
    closes,
    faults: trouble.counts(),
    heapBytes,
    complaints,
    milliseconds: Date.now() - startedAt,
  }
}

const idsPerQuery = 500

async function* readRows(emulator: Emulator, seed: number, { produced }: Backlog): AsyncGenerator<StoredRow> {
  for (let first = 0; first < produced; first += idsPerQuery) {
    const ids = Array.from({ length: Math.min(idsPerQuery, produced - first) }, (_, index) =>
      toId(seed, first + index),
    )
    const marks = ids.map(() => "?").join(", ")
    yield* await emulator.query<StoredRow>(`SELECT * FROM ${table} WHERE messageId IN (${marks})`, ids)
  }
}
