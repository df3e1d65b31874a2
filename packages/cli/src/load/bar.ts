import { SingleBar } from "cli-progress"
import type { Output } from "../output/output.ts"
import type { Terminal } from "../terminal.ts"
import type { Counts } from "./ledger.ts"

/** What the bar shows. */
export interface BarState {
  readonly counts: Counts
  readonly bytesRead: number
}

export interface Bar {
  /** Prints a line above the bar. */
  print(line: string): void
  stop(): void
}

const updateEveryMs = 200

/**
 * Shows a bar on stderr while a load runs, if stderr is a terminal.
 *
 * @param totalBytes the bytes of all files; 0 if unknown
 */
export function createBar(
  output: Output,
  { stderr }: Terminal,
  totalBytes: number,
  state: () => BarState,
): Bar {
  if (!output.hasBar) return { print: line => output.note(line), stop() {} }
  const startedAt = performance.now()
  const format = `${totalBytes > 0 ? "{bar} {percentage} % · " : ""}{rows} rows · {speed} MB/s · {rejected} rejected{left}`
  const bar = new SingleBar({
    stream: stderr as NodeJS.WritableStream,
    format,
    barsize: 24,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
    // The command itself decides what Ctrl+C does.
    gracefulExit: false,
    linewrap: true,
  })

  function toPayload() {
    const { counts, bytesRead } = state()
    const seconds = (performance.now() - startedAt) / 1_000
    const bytesPerSecond = bytesRead / Math.max(seconds, 0.001)
    const left = totalBytes > 0 && bytesRead > 0 ? (totalBytes - bytesRead) / bytesPerSecond : undefined
    return {
      rows: (counts.stored + counts.rejected + counts.failed + counts.broken).toLocaleString("en"),
      speed: (bytesPerSecond / 1_000_000).toFixed(1),
      rejected: (counts.rejected + counts.broken).toLocaleString("en"),
      left: left === undefined ? "" : ` · ${toDuration(left)} left`,
    }
  }
  bar.start(Math.max(totalBytes, 1), 0, toPayload())
  const update = () => bar.update(Math.min(state().bytesRead, totalBytes), toPayload())
  const timer = setInterval(update, updateEveryMs)

  return {
    print(line) {
      stderr.write(`\r\u001b[K${line}\n`)
      update()
    },
    stop() {
      clearInterval(timer)
      bar.stop()
    },
  }
}

function toDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const minutes = Math.floor(whole / 60)
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`
}
