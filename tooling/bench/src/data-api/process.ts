import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

export interface ServerProcess {
  readonly url: string
  close(): Promise<void>
}

/** Starts server.js, which is built into the same folder. */
export async function startServerProcess(delayMs = 0): Promise<ServerProcess> {
  const child = fork(fileURLToPath(new URL("server.js", import.meta.url)), [String(delayMs)], {
    execArgv: [],
  })
  const exit = once(child, "exit")
  const started: unknown = await Promise.race([once(child, "message"), exit.then(() => undefined)])
  if (!Array.isArray(started)) throw new Error("The discarding server did not start.")
  return {
    url: `http://127.0.0.1:${started[0]}`,
    async close() {
      child.disconnect()
      await exit
    },
  }
}
