import { type Emulator, startEmulator } from "./emulator.ts"
import { help, readFlags } from "./flags.ts"

/** Runs the command line. An error is one line on the error output, and the result is undefined. */
export async function command(
  args: string[],
  output: Pick<Console, "log" | "error">,
): Promise<Emulator | "help" | undefined> {
  try {
    const flags = readFlags(args)
    if (flags === "help") {
      output.log(help)
      return "help"
    }
    const emulator = await startEmulator(flags)
    const databases = flags.databases.join(", ")
    output.log(
      `Data API at ${emulator.url}, user ${flags.username}, database ${databases}. Stop with Ctrl+C.`,
    )
    return emulator
  } catch (error) {
    output.error(`singlesink-emulator: ${error instanceof Error ? error.message : error}`)
    return undefined
  }
}
