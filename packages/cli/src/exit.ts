/** The exit codes of every command. */
export const exitCodes = {
  ok: 0,
  /** Something was rejected or failed. The rest is done. */
  incomplete: 1,
  /** The command line, the configuration or the table is wrong. Nothing was done. */
  usage: 2,
  /** Stopped by Ctrl+C. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends the command with a message for the user. The default exit code is 2: the usage or the configuration is wrong. */
export class CommandError extends Error {
  override name = "CommandError"
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = exitCodes.usage) {
    super(message)
    this.exitCode = exitCode
  }
}
