import { parseArgs } from "node:util"
import type { Server } from "@singlesink/conformance"

export const usage = `pnpm demo [--keep] [--port <number>]

Sends 552 events that real clients sent through the Jitsu function and the Segment action into one table.

  --keep   leave the emulator running and say what to try with it
  --port   the emulator's port (a free one by default)

With SINGLESTORE_URL, SINGLESTORE_USERNAME, SINGLESTORE_PASSWORD and SINGLESTORE_DATABASE set it uses that server
instead of the emulator, in a table of its own that it drops at the end.`

export interface DemoOptions {
  help: boolean
  keep: boolean
  port: number
  /** The server to use, or undefined for the emulator. */
  server: Server | undefined
}

type Env = Readonly<Record<string, string | undefined>>

/** @throws Error whose message says what is wrong and what to do */
export function toDemoOptions(args: string[], env: Env): DemoOptions {
  const { help, keep, port } = parse(args)
  const server = toServer(env)
  if (server !== undefined && (keep || port !== undefined)) {
    throw new Error(
      "--keep and --port are for the emulator. Leave them out, or unset the SINGLESTORE_ variables.",
    )
  }
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new Error("--port is not a number from 0 to 65535. Give another, or leave it out for a free one.")
  }
  return { help, keep, port: Number(port ?? 0), server }
}

function parse(args: string[]): { help: boolean; keep: boolean; port: string | undefined } {
  try {
    const { values } = parseArgs({
      args: args.filter(arg => arg !== "--"),
      options: { help: { type: "boolean", short: "h" }, keep: { type: "boolean" }, port: { type: "string" } },
    })
    return { help: values.help ?? false, keep: values.keep ?? false, port: values.port }
  } catch (error) {
    throw new Error(`${(error as Error).message.split(". ")[0]}. See pnpm demo --help.`)
  }
}

/** The server of the environment, if it names one. @throws Error whose message says which variable is missing */
export function toServer(env: Env): Server | undefined {
  const names = [
    "SINGLESTORE_URL",
    "SINGLESTORE_USERNAME",
    "SINGLESTORE_PASSWORD",
    "SINGLESTORE_DATABASE",
  ] as const
  const missing = names.filter(
    name => env[name] === undefined || (env[name] === "" && name !== "SINGLESTORE_PASSWORD"),
  )
  if (missing.length === names.length) return undefined
  if (missing.length > 0) {
    throw new Error(`${missing.join(" and ")} not set. Set all four SINGLESTORE_ variables, or none of them.`)
  }
  const [url = "", username = "", password = "", database = ""] = names.map(name => env[name])
  return { url, username, password, database }
}
