import type { Context } from "../context.ts"
import { CommandError, exitCodes } from "../exit.ts"

/** Ends the command between two steps after Ctrl+C. */
export function createStop({ terminal, output }: Pick<Context, "terminal" | "output">) {
  let isStopping = false
  const end = terminal.onInterrupt(() => {
    isStopping = true
    output.note("Stopping after the running step. Press Ctrl+C again to stop at once, which is safe too.")
  })
  return {
    end,
    /** @throws CommandError after Ctrl+C */
    checkStop() {
      if (!isStopping) return
      throw new CommandError(
        "Stopped. Nothing is lost, and what is copied is kept. Run the same command to continue.",
        exitCodes.interrupted,
      )
    },
  }
}
