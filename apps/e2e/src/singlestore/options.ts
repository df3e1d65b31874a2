import { parseArgs } from "node:util"
import type { Server } from "@singlesink/conformance"
import { toServer } from "../demo/options.ts"

export const usage = `pnpm e2e:singlestore [--emulator]

Runs the suite of every host and the demo on the server of SINGLESTORE_URL, SINGLESTORE_USERNAME, SINGLESTORE_PASSWORD
and SINGLESTORE_DATABASE, and then asks it about undocumented behaviour. Everything it creates is dropped at the end.

  --emulator   use a separate emulator and ignore the variables`

export interface SinglestoreOptions {
  help: boolean
  /** The server to use, or "emulator" for a separate emulator. */
  server: Server | "emulator"
}

type Env = Readonly<Record<string, string | undefined>>

/** @throws Error with the problem and its fix as the message */
export function toSinglestoreOptions(args: readonly string[], env: Env): SinglestoreOptions {
  const { help = false, emulator = false } = parse(args)
  if (help || emulator) return { help, server: "emulator" }
  const server = toServer(env)
  if (server === undefined) {
    throw new Error(
      "Set SINGLESTORE_URL, SINGLESTORE_USERNAME, SINGLESTORE_PASSWORD and SINGLESTORE_DATABASE (docker compose up --wait starts a server; see CONTRIBUTING.md), or pass --emulator.",
    )
  }
  return { help, server }
}

/** The environment that makes the demo use this server. */
export function toEnv({ url, username, password, database }: Server): Env {
  return {
    SINGLESTORE_URL: url,
    SINGLESTORE_USERNAME: username,
    SINGLESTORE_PASSWORD: password,
    SINGLESTORE_DATABASE: database,
  }
}

function parse(args: readonly string[]): { help?: boolean; emulator?: boolean } {
  try {
    const options = { help: { type: "boolean", short: "h" }, emulator: { type: "boolean" } } as const
    return parseArgs({ args: args.filter(arg => arg !== "--"), options }).values
  } catch (error) {
    throw new Error(`${(error as Error).message.split(". ")[0]}. See pnpm e2e:singlestore --help.`)
  }
}
