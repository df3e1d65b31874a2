import { writeFile } from "node:fs/promises"
import { type Emulator, startEmulator } from "./emulator.ts"
import { help, readFlags } from "./flags.ts"

/** Where the command speaks; a console will do. */
export interface Speaker {
  log(line: string): void
  error(line: string): void
}

/** Does what the command line asks for. Whatever goes wrong is one sentence on the error side, and undefined. */
export async function command(args: string[], speaker: Speaker): Promise<Emulator | "help" | undefined> {
  try {
    const flags = readFlags(args)
    if (flags === "help") {
      speaker.log(help)
      return "help"
    }
    const { tlsCa, ...options } = flags
    const emulator = await startEmulator(options)
    if (tlsCa !== undefined) await writeAuthority(emulator, tlsCa)
    const databases = flags.databases.join(", ")
    speaker.log(
      `Data API at ${emulator.url}, user ${flags.username}, database ${databases}. Stop with Ctrl+C.`,
    )
    return emulator
  } catch (error) {
    speaker.error(`singlesink-emulator: ${error instanceof Error ? error.message : error}`)
    return undefined
  }
}

async function writeAuthority(emulator: Emulator, path: string): Promise<void> {
  try {
    await writeFile(path, emulator.tls?.ca ?? "")
  } catch (error) {
    await emulator.close()
    throw new Error(`The authority cannot be written to ${path}: choose a file in a folder that exists.`, {
      cause: error,
    })
  }
}
