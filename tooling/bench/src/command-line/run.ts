import { fork } from "node:child_process"
import { once } from "node:events"
import { writeLines } from "./lines.ts"

/** What a process used for a stream of events. */
export interface Usage {
  readonly seconds: number
  readonly cpuSeconds: number
  /** The largest resident size, in bytes, in each tenth of the run. */
  readonly residentBytes: readonly number[]
  readonly bytes: number
}

/** Reports the use of a process to its parent: the resident size while it runs, and the CPU time at its end. */
const report = `
const send = message => process.connected && process.send(message)
setInterval(() => send({ resident: process.memoryUsage.rss() }), 250).unref()
process.once("beforeExit", () => { send({ cpu: process.cpuUsage(), resident: process.memoryUsage.rss() }); process.disconnect?.() })
process.channel?.unref()
`

/** Runs a Node program with `count` events on its stdin. @throws Error if it fails */
export async function runWithEvents(
  program: string,
  args: readonly string[],
  count: number,
  env: Record<string, string> = {},
): Promise<Usage> {
  const startedAt = performance.now()
  const child = fork(program, [...args], {
    execArgv: ["--import", `data:text/javascript,${encodeURIComponent(report)}`],
    stdio: ["pipe", "ignore", "inherit", "ipc"],
    env: { ...process.env, ...env },
  })
  const exit = once(child, "exit")
  const samples: { at: number; bytes: number }[] = []
  let cpuSeconds = Number.NaN
  child.on("message", (message: { resident: number; cpu?: NodeJS.CpuUsage }) => {
    samples.push({ at: performance.now(), bytes: message.resident })
    if (message.cpu !== undefined) cpuSeconds = (message.cpu.user + message.cpu.system) / 1_000_000
  })
  if (child.stdin === null) throw new Error("The process has no stdin.")
  const bytes = await writeLines(child.stdin, count)
  const [code] = await exit
  if (code !== 0) throw new Error(`${program} ended with exit code ${code}.`)
  const seconds = (performance.now() - startedAt) / 1_000
  const tenths = Array.from({ length: 10 }, (_, tenth) => {
    const inTenth = samples.filter(
      ({ at }) => Math.floor(((at - startedAt) / 1_000 / seconds) * 10) === tenth,
    )
    return Math.max(0, ...inTenth.map(sample => sample.bytes))
  })
  return { seconds, cpuSeconds, residentBytes: tenths, bytes }
}
