import { CommandError, exitCodes } from "../exit.ts"
import type { Terminal } from "../terminal.ts"

/** @throws CommandError if there is no person to ask, and no `--yes` */
export function checkCanAsk({ stdin, stderr }: Terminal, isConfirmed: boolean): void {
  if (isConfirmed || (stdin.isTTY === true && stderr.isTTY === true)) return
  throw new CommandError("There is no terminal to ask on. Pass --yes to go ahead without a question.")
}

/**
 * Asks a person whether to go ahead. The question is on stderr, so that a pipe gets results only.
 *
 * @param isConfirmed whether `--yes` answers the question
 * @throws CommandError without a terminal, and after Ctrl+C
 */
export async function confirm(terminal: Terminal, question: string, isConfirmed: boolean): Promise<boolean> {
  checkCanAsk(terminal, isConfirmed)
  if (isConfirmed) return true
  const prompts = await import("@clack/prompts")
  const { stdin: input, stderr: output } = terminal
  const answer = await prompts.confirm({ message: question, initialValue: false, input, output })
  if (prompts.isCancel(answer)) throw new CommandError("Nothing was changed.", exitCodes.interrupted)
  return answer
}
