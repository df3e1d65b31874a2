import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"

/** What the process of a receiver is passed, as JSON. */
export interface SubjectOptions {
  readonly databaseUrl: string
  readonly table: string
  readonly port: number
  readonly writeKey: string
  readonly deadLetters?: string | undefined
  /** How long a request may take to arrive. @default 10,000 */
  readonly requestTimeoutMs?: number | undefined
}

/** A receiver in a process that can be killed. It keeps its port. */
export interface ReceiverProcess {
  readonly url: string
  readonly deadLetters: string | undefined
  readonly isUp: boolean
  start(): Promise<void>
  /** Sends SIGKILL: no handler runs, and no call is answered. */
  kill(): Promise<void>
  /** The memory in use after a garbage collection, buffers included. */
  memoryBytes(): Promise<number>
  /** Sends SIGTERM. @returns whether it exited with 0 in time */
  close(): Promise<boolean>
}

const script = fileURLToPath(new URL("receiver.js", import.meta.url))

/** Longer than the receiver may take to close. */
const closeTimeoutMs = 8_000

export async function createReceiverProcess(options: Omit<SubjectOptions, "port">): Promise<ReceiverProcess> {
  const port = await findFreePort()
  let child: ChildProcess | undefined
  return {
    url: `http://127.0.0.1:${port}`,
    deadLetters: options.deadLetters,
    get isUp() {
      return child !== undefined && child.exitCode === null && child.signalCode === null
    },
    async start() {
      const json = JSON.stringify({ ...options, port } satisfies SubjectOptions)
      child = fork(script, [json], { execArgv: ["--expose-gc"] })
      const [message] = await Promise.race([once(child, "message"), once(child, "exit")])
      if (message !== "listening") throw new Error("A receiver exited before it listened.")
    },
    async kill() {
      if (child === undefined) return
      const exit = once(child, "exit")
      child.kill("SIGKILL")
      await exit
    },
    async memoryBytes() {
      if (child === undefined) throw new Error("The receiver has not started.")
      const answer = once(child, "message")
      child.send("memory")
      return Number((await answer)[0])
    },
    async close() {
      if (child === undefined) return true
      const exit = once(child, "exit").then(([code]) => code === 0)
      child.kill("SIGTERM")
      const hasEnded = await Promise.race([exit, sleep(closeTimeoutMs, false)])
      if (!hasEnded) child.kill("SIGKILL")
      return hasEnded
    },
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, "close")
  return port
}
