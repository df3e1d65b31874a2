import { type ParseArgsConfig, parseArgs } from "node:util"
import type { EmulatorOptions } from "./emulator.ts"
import { type Privilege, privileges } from "./grants.ts"
import { certificateKinds } from "./tls/certificates.ts"

export const help = `singlesink-emulator: a SingleStore Data API on this machine, for tests and demos

  --port <number>        port to listen on (default 9000; 0 is any free port)
  --host <address>       address to listen on (default 127.0.0.1)
  --file <path>          keep the data in this DuckDB file (default in memory)
  --username <name>      the one user there is (default root)
  --password <password>  (default $SINGLESINK_EMULATOR_PASSWORD, or empty)
  --database <name>      a database that exists from the start, repeatable (default events)
  --max-bytes <number>   largest request body (default 1000000)
  --tls <kind>           speak https, with a certificate that is trusted, self_signed, expired or wrong_name
  --tls-ca <path>        write the authority to trust to this file, as PEM
  --seed <number>        where the drawing of faults with a chance starts (default 1)
  --grant <privilege>    what the user may do, such as INSERT, repeatable (default everything)
  --ignore-softens       INSERT IGNORE makes values fit, as in MySQL
  --help                 show this`

export type Flags = EmulatorOptions & { username: string; databases: string[]; tlsCa?: string }

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
    ...(flags.grant !== undefined && { grants: flags.grant.map(toPrivilege) }),
    ...(flags["ignore-softens"] && { ignoreSoftens: true }),
    ...(flags.file !== undefined && { file: flags.file }),
    ...(flags.seed !== undefined && {
      seed: wholeNumber("--seed", flags.seed, 0, Number.MAX_SAFE_INTEGER),
    }),
    ...tlsFlags(flags.tls, flags["tls-ca"]),
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
  tls: { type: "string" },
  "tls-ca": { type: "string" },
  seed: { type: "string" },
  grant: { type: "string", multiple: true },
  "ignore-softens": { type: "boolean", default: false },
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

function tlsFlags(kind: string | undefined, ca: string | undefined): Pick<Flags, "tls" | "tlsCa"> {
  if (kind === undefined && ca !== undefined) throw new Error("--tls-ca needs --tls.")
  if (kind === undefined) return {}
  const tls = certificateKinds.find(known => known === kind)
  if (tls === undefined)
    throw new Error(`--tls must be one of ${certificateKinds.join(", ")}, not '${kind}'.`)
  return { tls, ...(ca !== undefined && { tlsCa: ca }) }
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
