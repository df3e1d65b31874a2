import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Stats } from "@singlesink/core"
import type { Backlog } from "./backlog.ts"
import type { FromWriter, ToWriter, WriterOptions } from "./messages.ts"

/** One process that writes, from its start to its end. */
export interface Life {
  feed(type: "write" | "deliver", numbers: number[]): void
  heapBytes(): Promise<number>
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>
  /** Closes the sink; the process must then end by itself. */
  close(deadlineMs: number): Promise<void>
  /** Events that have come to an end in this life. */
  readonly settled: number
}

/** How long a process may take to end after it has closed everything. */
const maxExitMs = 5_000

/** @param complain told of every promise that this life breaks */
export function startLife(
  options: WriterOptions,
  backlog: Backlog,
  complain: (sentence: string) => void,
): Life {
  const path = fileURLToPath(new URL("writer.js", import.meta.url))
  const child = fork(path, [JSON.stringify(options)], { execArgv: ["--expose-gc"] })
  let settled = 0
  let isKilled = false
  let closed: Stats | undefined
  // What it said before it died is still to be read.
  const ended = Promise.all([once(child, "exit"), once(child, "disconnect")]).then(([[code, signal]]) => {
    if (!isKilled && (code !== 0 || closed === undefined))
      complain(`the writer ended by itself, with code ${code} and signal ${signal}`)
    backlog.giveBack()
  })

  child.on("message", (message: FromWriter) => {
    if (message.type === "outcomes") {
      const { stored, refused, failed, stats } = message
      settled += stored.length + refused.length + failed.length
      backlog.settle(stored, "acknowledged")
      backlog.settle(refused, "refused")
      backlog.settle(failed, "returned")
      checkBalance(stats, complain)
    } else if (message.type === "closed") {
      closed = message.stats
      settled += message.leftover.length
      backlog.settle(message.leftover, "returned")
      checkBalance(closed, complain)
      if (closed.pending > 0) complain(`after close ${closed.pending} events have no outcome`)
    }
  })

  const say = (message: ToWriter) => void child.send(message, () => {})

  return {
    feed: (type, numbers) => say({ type, numbers }),
    async heapBytes() {
      say({ type: "heap" })
      for (;;) {
        const [message] = (await once(child, "message")) as [FromWriter]
        if (message.type === "heap") return message.bytes
      }
    },
    async kill() {
      isKilled = true
      child.kill("SIGKILL")
      await ended
    },
    async close(deadlineMs) {
      say({ type: "close", deadlineMs })
      const late = setTimeout(() => {
        complain(`${maxExitMs} ms after the deadline of close the writer is still up`)
        isKilled = true
        child.kill("SIGKILL")
      }, deadlineMs + maxExitMs)
      await ended
      clearTimeout(late)
    },
    get settled() {
      return settled
    },
  }
}

function checkBalance(stats: Stats, complain: (sentence: string) => void): void {
  const { received, stored, refused, failed, pending, duplicates } = stats
  if (received !== stored + refused + failed + pending || duplicates > stored)
    complain(`the counts do not add up: ${JSON.stringify(stats)}`)
}
