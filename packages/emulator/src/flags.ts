import { type ParseArgsConfig, parseArgs } from "node:util"
import type { EmulatorOptions } from "./emulator.ts"
import { type Privilege, privileges } from "./grants.ts"

export const help = `singlesink-emulator: a SingleStore Data API on this machine, for tests and demos

  --port <number>        port to listen on (default 9000; 0 is any free port)
  --host <address>       address to listen on (default 127.0.0.1)
  --file <path>          keep the data in this DuckDB file (default in memory)
  --username <name>      the only user (default root)
  --password <password>  (default $SINGLESINK_EMULATOR_PASSWORD, or empty)
  --database <name>      a database to create if it is missing, repeatable (default events)
  --max-bytes <number>   size of the largest request body, in bytes (default 1000000)
  --grant <privilege>    a privilege of the user, such as INSERT, repeatable (default all)
  --insert-ignore-coerces
                         INSERT IGNORE changes values to fit their column, as in MySQL
  --help                 show this help`

export type Flags = EmulatorOptions & { username: string; databases: string[] }

/** Reads the command line. Throws an error with one sentence for the user. */
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
    ...(flags.grant !== undefined && { grants: flags.grant.map(toPrivilege) }),
    ...(flags["insert-ignore-coerces"] && { insertIgnoreCoerces: true }),
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
  grant: { type: "string", multiple: true },
  "insert-ignore-coerces": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} satisfies ParseArgsConfig["options"]

function parse(args: string[]) {
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(/\.\s/)
    throw new Error(`${sentence}. Run with --help to see the flags.`)
  }
}

function toPrivilege(text: string): Privilege {
  const found = privileges.find(privilege => privilege === text.toUpperCase())
  if (found === undefined) throw new Error(`--grant must be one of ${privileges.join(", ")}, not '${text}'.`)
  return found
}

function wholeNumber(flag: string, text: string, low: number, high: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (number >= low && number <= high) return number
  throw new Error(`${flag} must be a whole number from ${low} to ${high}, not '${text}'.`)
}
