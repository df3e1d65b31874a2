import { CommandError } from "../exit.ts"
import type { CsvMapping } from "../input/csv.ts"

/** Reads `--map column=path` flags. @throws CommandError if one has no equals sign */
export function readMapping(flags: readonly string[] = []): CsvMapping {
  return new Map(
    flags.map(flag => {
      const at = flag.indexOf("=")
      if (at < 1) throw new CommandError(`--map ${flag} must be COLUMN=PATH, such as --map user_id=userId.`)
      return [flag.slice(0, at), flag.slice(at + 1)]
    }),
  )
}
