import type { Colors } from "../output/output.ts"
import type { Terminal } from "../terminal.ts"

/** The stream for the log of the receiver: lines for people on a terminal, and JSON otherwise. */
export function createLogStream(stderr: Terminal["stderr"], colors: Colors): { write(line: string): void } {
  if (stderr.isTTY !== true) return { write: line => void stderr.write(line) }
  return {
    write(line) {
      const { level, msg, events, err } = JSON.parse(line) as LogLine
      // Levels below 40 say that the server listens, which is printed.
      if (level < 40) return
      const label = level < 50 ? colors.yellow("warning:") : colors.red("error:")
      const count = events === undefined || events === 1 ? "" : ` (${events} events)`
      stderr.write(`${label} ${msg}${count}${err === undefined ? "" : ` ${err.message}`}\n`)
    },
  }
}

/** A line of pino. */
interface LogLine {
  level: number
  msg: string
  events?: number
  err?: { message: string }
}
