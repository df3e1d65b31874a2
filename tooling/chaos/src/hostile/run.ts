import { createTableSql } from "@singlesink/core"
import { startEmulator } from "@singlesink/emulator"
import { createRandom } from "@singlesink/fixtures"
import { createReceiverProcess } from "../receiver/process.ts"
import { attack } from "./attack.ts"
import { createHostileRequest } from "./requests.ts"

export interface HostileFindings {
  requests: number
  /** Requests that were neither answered nor closed in time, by kind. */
  open: Map<string, number>
  /** The longest that a request was open. */
  longestMs: number
  good: { sent: number; stored: number; refused: string[]; longestMs: number }
  isUp: boolean
  /** After a tenth of the requests, and after all. */
  memoryBytes: [early: number, late: number]
  /** Whether it exited with 0 after SIGTERM. */
  hasClosed: boolean
  milliseconds: number
}

const [table, writeKey] = ["hostile", "a-write-key"]
const [requestTimeoutMs, concurrency] = [1_000, 64]

/** The request may arrive late, its answer takes at most 2 seconds, and the server looks for late ones once a second. */
const timeoutMs = requestTimeoutMs + 5_000

/** Attacks a receiver while good events are sent to it. */
export async function runHostile(seed: number, requests: number): Promise<HostileFindings> {
  const startedAt = Date.now()
  await using emulator = await startEmulator({ seed })
  await emulator.exec(createTableSql({ table }))
  const receiver = await createReceiverProcess({
    databaseUrl: emulator.url,
    table,
    writeKey,
    requestTimeoutMs,
  })
  await receiver.start()
  const port = Number(new URL(receiver.url).port)
  const random = createRandom(seed)
  const open = new Map<string, number>()
  let longestMs = 0
  let sent = 0

  async function attackUntil(count: number): Promise<void> {
    while (sent < count && receiver.isUp) {
      sent++
      const request = createHostileRequest(random, writeKey)
      const milliseconds = await attack(port, request, timeoutMs)
      if (milliseconds === undefined) open.set(request.kind, (open.get(request.kind) ?? 0) + 1)
      else longestMs = Math.max(longestMs, milliseconds)
    }
  }
  const attackAll = (count: number) =>
    Promise.all(Array.from({ length: concurrency }, () => attackUntil(count)))

  const good = startGoodTraffic(receiver.url)
  await attackAll(requests / 10)
  const early = receiver.isUp ? await receiver.memoryBytes() : 0
  await attackAll(requests)
  const traffic = await good.stop()
  const late = receiver.isUp ? await receiver.memoryBytes() : 0
  const [{ n = 0 } = {}] = await emulator.query<{ n: number }>(
    `SELECT COUNT(*) AS n FROM ${table} WHERE event = 'Good'`,
  )
  const { isUp } = receiver
  return {
    requests: sent,
    open,
    longestMs,
    good: { ...traffic, stored: Number(n) },
    isUp,
    memoryBytes: [early, late],
    hasClosed: await receiver.close(),
    milliseconds: Date.now() - startedAt,
  }
}

/** Sends one event after the other, and notes every answer that is not 200. */
function startGoodTraffic(url: string) {
  const refused: string[] = []
  let [sent, longestMs, isOver] = [0, 0, false]

  async function run(): Promise<void> {
    while (!isOver) {
      const startedAt = performance.now()
      const body = JSON.stringify({ messageId: `good-${sent++}`, event: "Good", userId: "u1" })
      try {
        const response = await fetch(`${url}/v1/track`, {
          method: "POST",
          body,
          headers: { "x-write-key": writeKey },
        })
        if (response.status !== 200) refused.push(`${response.status} ${await response.text()}`)
        else await response.arrayBuffer()
      } catch (error) {
        refused.push(String((error as Error).cause ?? error))
      }
      longestMs = Math.max(longestMs, performance.now() - startedAt)
    }
  }
  const running = run()
  return {
    async stop() {
      isOver = true
      await running
      return { sent, refused, longestMs }
    },
  }
}
