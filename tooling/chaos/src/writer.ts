import { setImmediate as nextTurn } from "node:timers/promises"
import { createSink } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"
import { createEarlyAckWriter } from "./early-ack.ts"
import { type ChaosEvent, isBad, toEvent, toNumber } from "./events.ts"
import { measureMemory } from "./memory.ts"
import type { FromWriter, ToWriter, WriterOptions } from "./messages.ts"

// The process that is killed. It uses the packages as an application does, and reports the outcome of each event.

const { url, table, deduplicate, seed, earlyAck }: WriterOptions = JSON.parse(process.argv[2] ?? "{}")
const fetch = undiciFetch({ connections: 4 })
const api = createDataApi({ url, username: "root", password: "", database: "events", fetch, timeoutMs: 300 })
const sink = createSink({
  transport: api,
  table,
  deduplicate,
  // Small limits cause many requests.
  limits: { maxBytes: 100_000, maxRows: 200, lingerMs: 2 },
  retry: { maxElapsedMs: 3_000, maxAttempts: 6, baseDelayMs: 5, maxDelayMs: 200 },
})

const early = createEarlyAckWriter(sink)
/** The bursts that wait for room in the queue. */
const writing = new Set<Promise<void>>()

let unsent = { stored: [] as number[], rejected: [] as number[], failed: [] as number[] }

function send(message: FromWriter): void {
  process.send?.(message)
}

/** Sends one message for all outcomes of one turn of the event loop. */
function report(number: number, status: keyof typeof unsent): void {
  if (unsent.stored.length + unsent.rejected.length + unsent.failed.length === 0) {
    setImmediate(() => {
      const outcomes = unsent
      unsent = { stored: [], rejected: [], failed: [] }
      send({ type: "outcomes", ...outcomes, stats: sink.stats() })
    })
  }
  unsent[status].push(number)
}

async function write(numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    await sink.ready()
    const event = toEvent(seed, number)
    // A bad event would be missing even without a kill.
    if (earlyAck && !isBad(number)) {
      early.accept(event)
      report(number, "stored")
    } else {
      sink.write(event).then(
        () => report(number, "stored"),
        error => report(number, error.name === "EventError" ? "rejected" : "failed"),
      )
    }
  }
}

async function writeBatch(numbers: readonly number[]): Promise<void> {
  const outcomes = await sink.writeBatch(numbers.map(number => toEvent(seed, number)))
  for (const [index, { status }] of outcomes.entries()) report(numbers[index] as number, status)
}

async function close(deadlineMs: number): Promise<void> {
  if (earlyAck) {
    await Promise.all(writing)
    await early.idle()
  }
  const { undelivered } = await sink.close({ deadlineMs })
  await fetch.close()
  // The last outcomes are sent first. After this message nothing may keep the process alive.
  await nextTurn()
  send({
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
    case "writeBatch":
      await writeBatch(message.numbers)
      break
    case "memory":
      send({ type: "memory", bytes: await measureMemory() })
      break
    case "close":
      await close(message.deadlineMs)
  }
})
