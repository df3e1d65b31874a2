import { parseArgs } from "node:util"
import type { Server } from "@singlesink/conformance"

export const usage = `pnpm demo [--keep] [--port <number>]

Sends 552 events from real clients through the Jitsu function and the Segment action into one table.

  --keep   leave the emulator running and print requests to try
  --port   the emulator's port (a free one by default)

If SINGLESTORE_URL, SINGLESTORE_USERNAME, SINGLESTORE_PASSWORD and SINGLESTORE_DATABASE are set, the demo uses that
server instead of the emulator, in its own table, which it drops at the end.`

export interface DemoOptions {
  help: boolean
  keep: boolean
  port: number
  /** The server to use, or undefined for the emulator. */
  server: Server | undefined
}

type Env = Readonly<Record<string, string | undefined>>

/** @throws Error with the problem and its fix as the message */
export function toDemoOptions(args: string[], env: Env): DemoOptions {
  const { help, keep, port } = parse(args)
  const server = toServer(env)
  if (server !== undefined && (keep || port !== undefined)) {
    throw new Error(
      "--keep and --port are for the emulator. Leave them out, or unset the SINGLESTORE_ variables.",
    )
  }
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new Error("`--port` must be a number from 0 to 65535. Leave it out for a free port.")
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

/** The server of the environment, if there is one. @throws Error with the names of missing variables */
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
