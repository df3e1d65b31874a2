import { PassThrough, Readable } from "node:stream"
import { run } from "../run.ts"
import type { Terminal } from "../terminal.ts"

export interface RunResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** @default no variables */
  readonly env?: Record<string, string>
  readonly stdin?: string | Buffer | Readable
  /** Whether the streams are a terminal. @default false */
  readonly isTTY?: boolean
  /** Receives the function that a Ctrl+C calls. */
  readonly onInterrupt?: (stop: () => void) => void
}

/** Runs the command line in this process. */
export async function runCommand(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { env = {}, stdin = "", isTTY = false, onInterrupt } = options
  const stdout = createCapture(isTTY)
  const stderr = createCapture(isTTY)
  const terminal: Terminal = {
    env,
    stdin: Object.assign(
      typeof stdin === "string" || Buffer.isBuffer(stdin) ? Readable.from([Buffer.from(stdin)]) : stdin,
      { isTTY },
    ),
    stdout: stdout.stream,
    stderr: stderr.stream,
    onInterrupt(stop) {
      onInterrupt?.(stop)
      return () => {}
    },
  }
  const exitCode = await run(args, terminal)
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() }
}

function createCapture(isTTY: boolean) {
  const chunks: Buffer[] = []
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 100 })
  stream.on("data", (chunk: Buffer) => chunks.push(chunk))
  return { stream, text: () => Buffer.concat(chunks).toString() }
}
