import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import type { Stats } from "@singlesink/core"
import type { Backlog } from "./backlog.ts"
import type { FromWriter, ToWriter, WriterOptions } from "./messages.ts"

/** A child process that writes events. Every wait for the process has a time limit. */
export interface WriterProcess {
  /** Sends numbers of events to write. */
  feed(type: "write" | "writeBatch", numbers: number[]): void
  /** Asks for the memory in use. Without an answer it is undefined, and a violation is reported. */
  memoryBytes(): Promise<number | undefined>
  /** Sends SIGKILL: no handler runs, and nothing is flushed. */
  kill(): Promise<void>
  /** Closes the sink. The process must then exit. */
  close(deadlineMs: number): Promise<void>
  /** Events with an outcome from this process. */
  readonly settled: number
  /** False once the process has ended. */
  readonly isUp: boolean
}

export interface WriterProcessOptions {
  backlog: Backlog
  /** Receives a sentence for each broken promise of the process. */
  report(sentence: string): void
  /** The path of the writer script. @default writer.js */
  script?: string | undefined
  /** How long the process may take to answer, or to exit after close. @default 5,000 */
  timeoutMs?: number | undefined
}

const realScript = fileURLToPath(new URL("writer.js", import.meta.url))

export function startWriterProcess(
  writer: WriterOptions,
  { backlog, report, script = realScript, timeoutMs = 5_000 }: WriterProcessOptions,
): WriterProcess {
  const child = fork(script, [JSON.stringify(writer)], { execArgv: ["--expose-gc"] })
  let settled = 0
  let isUp = true
  let isKilled = false
  let closed: Stats | undefined
  let onMemory: ((bytes: number) => void) | undefined

  const ended = untilEnded(child).then((how): undefined => {
    isUp = false
    if (!isKilled && (how.code !== 0 || closed === undefined))
      report(`the writer exited unexpectedly, ${how.sentence}`)
    backlog.giveBack()
  })

  child.on("message", (message: FromWriter) => {
    if (message.type === "outcomes") {
      const { stored, rejected, failed, stats } = message
      settled += stored.length + rejected.length + failed.length
      backlog.settle(stored, "acknowledged")
      backlog.settle(rejected, "rejected")
      backlog.settle(failed, "returned")
      checkStats(stats, report)
    } else if (message.type === "closed") {
      closed = message.stats
      settled += message.undelivered.length
      backlog.settle(message.undelivered, "returned")
      checkStats(closed, report)
      if (closed.pending > 0) report(`${closed.pending} events have no outcome after close`)
    } else onMemory?.(message.bytes)
  })

  const send = (message: ToWriter) => void child.send(message, () => {})

  function killNow(): void {
    // A process that has already exited was not killed.
    if (child.exitCode === null && child.signalCode === null) isKilled = true
    child.kill("SIGKILL")
  }

  return {
    feed: (type, numbers) => send({ type, numbers }),
    async memoryBytes() {
      if (!isUp) return undefined
      const answer = new Promise<number>(resolve => {
        onMemory = resolve
      })
      send({ type: "memory" })
      const bytes = await Promise.race([answer, ended, sleep(timeoutMs, undefined, { ref: false })])
      if (bytes === undefined && isUp) report(`the writer did not report its memory within ${timeoutMs} ms`)
      return bytes
    },
    async kill() {
      killNow()
      await ended
    },
    async close(deadlineMs) {
      if (isUp) send({ type: "close", deadlineMs })
      const late = setTimeout(() => {
        report(`the writer did not exit within ${timeoutMs} ms after the deadline of close`)
        killNow()
      }, deadlineMs + timeoutMs)
      await ended
      clearTimeout(late)
    },
    get settled() {
      return settled
    },
    get isUp() {
      return isUp
    },
  }
}

interface End {
  code: number | null
  sentence: string
}

async function untilEnded(child: ChildProcess): Promise<End> {
  // Messages sent before the exit may still be unread.
  const disconnected = once(child, "disconnect").catch(() => {})
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null]
    await disconnected
    return { code, sentence: `with code ${code} and signal ${signal}` }
  } catch (error) {
    return { code: null, sentence: `before it started: ${(error as Error).message}` }
  }
}

function checkStats(stats: Stats, report: (sentence: string) => void): void {
  const { received, stored, rejected, failed, pending, duplicates } = stats
  if (received !== stored + rejected + failed + pending || duplicates > stored)
    report(`the counts do not add up: ${JSON.stringify(stats)}`)
}
