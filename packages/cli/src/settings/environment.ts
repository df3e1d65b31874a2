import { readFileSync } from "node:fs"
import { parseEnv } from "node:util"
import { CommandError } from "../exit.ts"

type Variables = Readonly<Record<string, string | undefined>>

/**
 * The variables of the process, and those of the file that it does not have. An empty variable counts as none, except for
 * the password.
 *
 * @param file default `.env` in the working directory, if there is one
 * @throws CommandError if a file that was asked for cannot be read
 */
export function readEnvironment(file: string | undefined, env: Variables): Variables {
  const merged = { ...readEnvFile(file), ...env }
  return Object.fromEntries(
    Object.entries(merged).filter(([name, value]) => value !== "" || name === "SINGLESTORE_PASSWORD"),
  )
}

function readEnvFile(file: string | undefined): Variables {
  try {
    return parseEnv(readFileSync(file ?? ".env", "utf8")) as Variables
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (file === undefined && code === "ENOENT") return {}
    throw new CommandError(`The file ${file ?? ".env"} cannot be read (${code}). Correct --env-file.`)
  }
}
