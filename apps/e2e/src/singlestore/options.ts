import { parseArgs } from "node:util"
import type { Server } from "@singlesink/conformance"
import { toServer } from "../demo/options.ts"

export const usage = `pnpm e2e:singlestore [--emulator]

Tries the suite of every host and the demo on the server that SINGLESTORE_URL, SINGLESTORE_USERNAME, SINGLESTORE_PASSWORD
and SINGLESTORE_DATABASE name, and then asks it what no document says. All that it makes there it drops at the end.

  --emulator   on an emulator of its own, whatever the variables say`

export interface SinglestoreOptions {
  help: boolean
  /** The server to use, or the word for an emulator of our own. */
  server: Server | "emulator"
}

type Env = Readonly<Record<string, string | undefined>>

/** @throws Error whose message says what is wrong and what to do */
export function toSinglestoreOptions(args: readonly string[], env: Env): SinglestoreOptions {
  const { help = false, emulator = false } = parse(args)
  if (help || emulator) return { help, server: "emulator" }
  const server = toServer(env)
  if (server === undefined) {
    throw new Error(
      "Set SINGLESTORE_URL, SINGLESTORE_USERNAME, SINGLESTORE_PASSWORD and SINGLESTORE_DATABASE to those of a server, for example of the one that docker compose up --wait starts (see CONTRIBUTING.md), or give --emulator.",
    )
  }
  return { help, server }
}

/** The environment in which the demo uses this server. */
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
