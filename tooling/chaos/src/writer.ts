import { type AnalyticsEvent, createSink } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"
import { toEvent, toNumber } from "./events.ts"
import type { FromWriter, ToWriter, WriterOptions } from "./messages.ts"

// The process that is killed: a plain user of the packages, which says of each event what became of it.

const { url, table, layout, seed, earlyAck }: WriterOptions = JSON.parse(process.argv[2] ?? "{}")
const fetch = undiciFetch({ connections: 4 })
const api = createDataApi({ url, username: "root", password: "", database: "events", fetch, timeoutMs: 300 })
const sink = createSink({
  api,
  table,
  layout,
  // Small, so that there are many requests to go wrong.
  limits: { maxBytes: 100_000, maxRows: 200, lingerMs: 2 },
  retry: { maxElapsedMs: 3_000, maxAttempts: 6, baseDelayMs: 5, maxDelayMs: 200 },
})

let news = { stored: [] as number[], refused: [] as number[], failed: [] as number[] }

function tell(message: FromWriter): void {
  process.send?.(message)
}

/** One message for all that ends in a turn of the loop; what is not told when the process dies was not told. */
function note(number: number, status: keyof typeof news): void {
  if (news.stored.length + news.refused.length + news.failed.length === 0) {
    setImmediate(() => {
      const outcomes = news
      news = { stored: [], refused: [], failed: [] }
      tell({ type: "outcomes", ...outcomes, stats: sink.stats() })
    })
  }
  news[status].push(number)
}

function write(event: AnalyticsEvent, number: number): void {
  const written = sink.write(event)
  if (earlyAck) {
    written.catch(() => {})
    note(number, "stored")
  } else {
    written.then(
      () => note(number, "stored"),
      error => note(number, error.name === "EventError" ? "refused" : "failed"),
    )
  }
}

async function deliver(numbers: readonly number[]): Promise<void> {
  const outcomes = await sink.deliver(numbers.map(number => toEvent(seed, number)))
  for (const [index, { status }] of outcomes.entries()) note(numbers[index] as number, status)
}

process.on("message", async (message: ToWriter) => {
  switch (message.type) {
    case "write":
      for (const number of message.numbers) {
        await sink.ready()
        write(toEvent(seed, number), number)
      }
      break
    case "deliver":
      await deliver(message.numbers)
      break
    case "heap":
      globalThis.gc?.()
      tell({ type: "heap", bytes: process.memoryUsage().heapUsed })
      break
    case "close": {
      const { leftover } = await sink.close({ deadlineMs: message.deadlineMs })
      await fetch.close()
      // After the last outcomes; and from here on nothing may keep the process up.
      setImmediate(() => {
        tell({
          type: "closed",
          leftover: leftover.map(({ messageId }) => toNumber(String(messageId))),
          stats: sink.stats(),
        })
        process.disconnect()
      })
    }
  }
})
