import { readFileSync } from "node:fs"
import { text } from "node:stream/consumers"
import { CommandError } from "../exit.ts"
import type { Terminal } from "../terminal.ts"

interface PasswordFlags {
  passwordFile?: string
  passwordStdin?: boolean
}

/** Finds the password: from stdin, from a file, or from the variable. A line break at its end is removed. */
export async function readPassword(
  flags: PasswordFlags,
  env: Readonly<Record<string, string | undefined>>,
  { stdin }: Terminal,
): Promise<string | undefined> {
  if (flags.passwordStdin === true) {
    if (stdin.isTTY === true) {
      throw new CommandError(
        "--password-stdin needs a pipe, such as `pass singlestore | singlesink check --password-stdin`.",
      )
    }
    return trimLineBreak(await text(stdin))
  }
  const file =
    flags.passwordFile ?? (env.SINGLESTORE_PASSWORD === undefined ? env.SINGLESTORE_PASSWORD_FILE : undefined)
  return file === undefined ? env.SINGLESTORE_PASSWORD : readSecretFile(file, "--password-file")
}

/** Reads a text file without the line break at its end. @throws CommandError that names the flag */
export function readSecretFile(file: string, flag: string): string {
  return trimLineBreak(readTextFile(file, flag))
}

/** Reads a text file. @throws CommandError that names the flag */
export function readTextFile(file: string, flag: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandError(`The file ${file} of ${flag} cannot be read (${code}).`)
  }
}

const trimLineBreak = (value: string) => value.replace(/\r?\n$/, "")
