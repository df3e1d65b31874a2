import { type ChildProcess, spawn } from "node:child_process"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { text } from "node:stream/consumers"
import { spawn as spawnInTerminal } from "@lydell/node-pty"

/** The command as it is built. */
const binary: string = join(
  dirname(createRequire(import.meta.url).resolve("@singlesink/cli/package.json")),
  "dist/bin.js",
)

export type Env = Readonly<Record<string, string>>

/** The variables of this process that the command needs, and no setting. */
const ownEnv = (env: Env): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  HOME: process.env.HOME ?? "",
  ...env,
})

export interface Result {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Starts the command without a terminal. */
export function startCommand(args: readonly string[], folder: string, env: Env = {}): ChildProcess {
  return spawn(process.execPath, [binary, ...args], { cwd: folder, env: ownEnv(env) })
}

/** Runs the command without a terminal. */
export async function runCommand(
  args: readonly string[],
  folder: string,
  { env = {}, input = "" }: { env?: Env; input?: string } = {},
): Promise<Result> {
  const child = startCommand(args, folder, env)
  child.stdin?.end(input)
  const exit = new Promise<number>(resolve => child.once("close", code => resolve(code ?? -1)))
  const [stdout = "", stderr = ""] = await Promise.all(
    [child.stdout, child.stderr].map(stream => (stream === null ? "" : text(stream))),
  )
  return { exitCode: await exit, stdout, stderr }
}

/**
 * Runs the command in a terminal.
 *
 * @param respond receives what is printed, and returns what is typed
 */
export function runInTerminal(
  args: readonly string[],
  folder: string,
  {
    env = {},
    respond = () => undefined,
  }: { env?: Env; respond?: (printed: string) => string | undefined } = {},
): Promise<{ exitCode: number; printed: string }> {
  return new Promise(resolve => {
    const terminal = spawnInTerminal(process.execPath, [binary, ...args], {
      cols: 100,
      rows: 40,
      cwd: folder,
      env: ownEnv({ TERM: "xterm-256color", ...env }),
    })
    let printed = ""
    terminal.onData(data => {
      printed += data
      const typed = respond(data)
      if (typed !== undefined) terminal.write(typed)
    })
    terminal.onExit(({ exitCode }) => resolve({ exitCode, printed }))
  })
}
