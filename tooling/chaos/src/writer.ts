import { setImmediate as nextTurn } from "node:timers/promises"
import { createSink } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"
import { type ChaosEvent, isBad, toEvent, toNumber } from "./events.ts"
import { createLiar } from "./liar.ts"
import type { FromWriter, ToWriter, WriterOptions } from "./messages.ts"

// The process that is killed: a plain user of the packages, which says of each event what became of it.

const { url, table, deduplicate, seed, earlyAck }: WriterOptions = JSON.parse(process.argv[2] ?? "{}")
const fetch = undiciFetch({ connections: 4 })
const api = createDataApi({ url, username: "root", password: "", database: "events", fetch, timeoutMs: 300 })
const sink = createSink({
  transport: api,
  table,
  deduplicate,
  // Small, so that there are many requests to go wrong.
  limits: { maxBytes: 100_000, maxRows: 200, lingerMs: 2 },
  retry: { maxElapsedMs: 3_000, maxAttempts: 6, baseDelayMs: 5, maxDelayMs: 200 },
})

const liar = createLiar(sink)
/** The bursts that still wait for room in the queue. */
const writing = new Set<Promise<void>>()

let news = { stored: [] as number[], rejected: [] as number[], failed: [] as number[] }

function tell(message: FromWriter): void {
  process.send?.(message)
}

/** One message for all that ends in a turn of the loop; what is not told when the process dies was not told. */
function note(number: number, status: keyof typeof news): void {
  if (news.stored.length + news.rejected.length + news.failed.length === 0) {
    setImmediate(() => {
      const outcomes = news
      news = { stored: [], rejected: [], failed: [] }
      tell({ type: "outcomes", ...outcomes, stats: sink.stats() })
    })
  }
  news[status].push(number)
}

async function write(numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    await sink.ready()
    const event = toEvent(seed, number)
    // Of a bad event it tells the truth: that one would be missing without a kill, too.
    if (earlyAck && !isBad(number)) {
      liar.take(event)
      note(number, "stored")
    } else {
      sink.write(event).then(
        () => note(number, "stored"),
        error => note(number, error.name === "EventError" ? "rejected" : "failed"),
      )
    }
  }
}

async function deliver(numbers: readonly number[]): Promise<void> {
  const outcomes = await sink.writeBatch(numbers.map(number => toEvent(seed, number)))
  for (const [index, { status }] of outcomes.entries()) note(numbers[index] as number, status)
}

/** After all that can be freed is freed, with the memory of buffers, which is not on the heap. */
async function measure(): Promise<number> {
  globalThis.gc?.()
  // What only a finalizer lets go of is gone after the second time.
  await nextTurn()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function close(deadlineMs: number): Promise<void> {
  if (earlyAck) {
    await Promise.all(writing)
    await liar.untilTrue()
  }
  const { undelivered } = await sink.close({ deadlineMs })
  await fetch.close()
  // After the last outcomes; and from here on nothing may keep the process up.
  await nextTurn()
  tell({
    type: "closed",
    undelivered: undelivered.map(event => toNumber((event as ChaosEvent).messageId)),
    stats: sink.stats(),
  })
  process.disconnect()
}

process.on("message", async (message: ToWriter) => {
  switch (message.type) {
    case "write": {
      const written = write(message.numbers).finally(() => writing.delete(written))
      writing.add(written)
      break
    }
    case "deliver":
      await deliver(message.numbers)
      break
    case "memory":
      tell({ type: "memory", bytes: await measure() })
      break
    case "close":
      await close(message.deadlineMs)
  }
})
