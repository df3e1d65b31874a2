import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import type { Stats } from "@singlesink/core"
import type { Backlog } from "./backlog.ts"
import type { FromWriter, ToWriter, WriterOptions } from "./messages.ts"

/** One process that writes, from its start to its end. Nothing here waits for ever, whatever the process does. */
export interface Life {
  feed(type: "write" | "deliver", numbers: number[]): void
  /** Memory in use; undefined where the process does not say it, which is a complaint. */
  memoryBytes(): Promise<number | undefined>
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>
  /** Closes the sink; the process must then end by itself. */
  close(deadlineMs: number): Promise<void>
  /** Events that have come to an end in this life. */
  readonly settled: number
  /** False once the process has ended, in whatever way. */
  readonly isUp: boolean
}

/** What a life is made of. */
export interface LifeMeans {
  backlog: Backlog
  /** Told of every promise that this life breaks. */
  complain(sentence: string): void
  /** The script that writes. @default the real one */
  script?: string | undefined
  /** How long a process may take to end after it has closed everything, or to answer. @default 5,000 */
  patienceMs?: number | undefined
}

export function startLife(options: WriterOptions, means: LifeMeans): Life {
  const { backlog, complain, patienceMs = 5_000 } = means
  const { script = fileURLToPath(new URL("writer.js", import.meta.url)) } = means
  const child = fork(script, [JSON.stringify(options)], { execArgv: ["--expose-gc"] })
  let settled = 0
  let isUp = true
  let isKilled = false
  let closed: Stats | undefined
  let tellMemory: ((bytes: number) => void) | undefined

  const ended = untilEnded(child).then((how): undefined => {
    isUp = false
    if (!isKilled && (how.code !== 0 || closed === undefined))
      complain(`the writer ended by itself, ${how.sentence}`)
    backlog.giveBack()
  })

  child.on("message", (message: FromWriter) => {
    if (message.type === "outcomes") {
      const { stored, rejected, failed, stats } = message
      settled += stored.length + rejected.length + failed.length
      backlog.settle(stored, "acknowledged")
      backlog.settle(rejected, "rejected")
      backlog.settle(failed, "returned")
      checkBalance(stats, complain)
    } else if (message.type === "closed") {
      closed = message.stats
      settled += message.undelivered.length
      backlog.settle(message.undelivered, "returned")
      checkBalance(closed, complain)
      if (closed.pending > 0) complain(`after close ${closed.pending} events have no outcome`)
    } else tellMemory?.(message.bytes)
  })

  const say = (message: ToWriter) => void child.send(message, () => {})

  function killNow(): void {
    // One that is dead already died by itself.
    if (child.exitCode === null && child.signalCode === null) isKilled = true
    child.kill("SIGKILL")
  }

  return {
    feed: (type, numbers) => say({ type, numbers }),
    async memoryBytes() {
      if (!isUp) return undefined
      const told = new Promise<number>(resolve => {
        tellMemory = resolve
      })
      say({ type: "memory" })
      const bytes = await Promise.race([told, ended, sleep(patienceMs, undefined, { ref: false })])
      if (bytes === undefined && isUp)
        complain(`for ${patienceMs} ms the writer does not say how much memory it uses`)
      return bytes
    },
    async kill() {
      killNow()
      await ended
    },
    async close(deadlineMs) {
      if (isUp) say({ type: "close", deadlineMs })
      const late = setTimeout(() => {
        complain(`${patienceMs} ms after the deadline of close the writer is still up`)
        killNow()
      }, deadlineMs + patienceMs)
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
  // What it said before it died is still to be read.
  const disconnected = once(child, "disconnect").catch(() => {})
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null]
    await disconnected
    return { code, sentence: `with code ${code} and signal ${signal}` }
  } catch (error) {
    return { code: null, sentence: `before it began: ${(error as Error).message}` }
  }
}

function checkBalance(stats: Stats, complain: (sentence: string) => void): void {
  const { received, stored, rejected, failed, pending, duplicates } = stats
  if (received !== stored + rejected + failed + pending || duplicates > stored)
    complain(`the counts do not add up: ${JSON.stringify(stats)}`)
}
