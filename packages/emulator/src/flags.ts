import { type ParseArgsConfig, parseArgs } from "node:util"
import type { EmulatorOptions } from "./emulator.ts"

export const help = `singlesink-emulator: a SingleStore Data API on this machine, for tests and demos

  --port <number>        port to listen on (default 9000; 0 is any free port)
  --host <address>       address to listen on (default 127.0.0.1)
  --file <path>          keep the data in this DuckDB file (default in memory)
  --username <name>      the one user there is (default root)
  --password <password>  (default $SINGLESINK_EMULATOR_PASSWORD, or empty)
  --database <name>      a database that exists from the start, repeatable (default events)
  --max-bytes <number>   largest request body (default 1000000)
  --help                 show this`

export type Flags = EmulatorOptions & { username: string; databases: string[] }

/** Reads the command line, or throws one sentence that says what to do. */
export function readFlags(args: string[], environment: NodeJS.ProcessEnv = process.env): Flags | "help" {
  const flags = parse(args)
  if (flags.help) return "help"
  return {
    port: wholeNumber("--port", flags.port, 0, 65_535),
    host: flags.host,
    username: flags.username,
    password: flags.password ?? environment.SINGLESINK_EMULATOR_PASSWORD ?? "",
    databases: flags.database,
    maxBytes: wholeNumber("--max-bytes", flags["max-bytes"], 1, Number.MAX_SAFE_INTEGER),
    ...(flags.file !== undefined && { file: flags.file }),
  }
}

const options = {
  port: { type: "string", default: "9000" },
  host: { type: "string", default: "127.0.0.1" },
  file: { type: "string" },
  username: { type: "string", default: "root" },
  password: { type: "string" },
  database: { type: "string", multiple: true, default: ["events" as string] },
  "max-bytes": { type: "string", default: "1000000" },
  help: { type: "boolean", default: false },
} satisfies ParseArgsConfig["options"]

function parse(args: string[]) {
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(/\.\s/)
    throw new Error(`${sentence}. --help shows the flags.`)
  }
}

function wholeNumber(flag: string, text: string, low: number, high: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (number >= low && number <= high) return number
  throw new Error(`${flag} must be a whole number from ${low} to ${high}, not '${text}'.`)
}
