import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

/** A server that takes events: ours, one that inserts each event alone, and one that only parses. */
export type Kind = "receiver" | "insert_per_call" | "bare"

export interface SubjectUsage {
  readonly cpuSeconds: number
  readonly residentBytes: number
}

export interface Subject {
  readonly url: string
  usage(): Promise<SubjectUsage>
  close(): Promise<void>
}

/** Starts subject.js, which is built into the same folder, with a database. */
export async function startSubject(kind: Kind, databaseUrl: string): Promise<Subject> {
  const child = fork(fileURLToPath(new URL("subject.js", import.meta.url)), [kind, databaseUrl], {
    execArgv: ["--expose-gc"],
  })
  const exit = once(child, "exit")
  const started: unknown = await Promise.race([once(child, "message"), exit.then(() => undefined)])
  if (!Array.isArray(started)) throw new Error(`The server ${kind} did not start.`)
  return {
    url: String(started[0]),
    async usage() {
      const answer = once(child, "message")
      child.send("usage")
      const [usage] = (await answer) as [SubjectUsage]
      return usage
    },
    async close() {
      child.disconnect()
      await exit
    },
  }
}
