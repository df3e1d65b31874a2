import { type ParseArgsConfig, parseArgs } from "node:util"
import type { ChaosOptions } from "./chaos.ts"

export const help = `pnpm chaos: events through writers that are killed, to a server that fails

  --long             200 writers killed and 2,000 requests hit, on each kind of table (some minutes)
  --seed <number>    the choices of an earlier run; when things happen is up to the machine
  --kills <number>   writers to kill (default 8; --long 200); with 0 each is closed
  --faults <number>  requests to hit (default 80; --long 2000)
  --deduplicate <b>  true: a table with a key; false: one without (default both)
  --help             show this`

/** The runs that the command line asks for. */
export interface Plan extends Pick<ChaosOptions, "seed" | "kills" | "faults" | "eventsPerLook"> {
  /** Whether the table of each run has a key. */
  tables: boolean[]
}

/** @throws Error with one sentence that says what to do */
export function toPlan(args: readonly string[], now: number = Date.now()): Plan | "help" {
  const { help, long, seed, kills, faults, deduplicate } = parse(args)
  if (help) return "help"
  const size = long
    ? { kills: 200, faults: 2_000, eventsPerLook: { storm: 5_000, calm: 10_000 } }
    : { kills: 8, faults: 80, eventsPerLook: { storm: 200, calm: 1_500 } }
  return {
    seed: toNumber("--seed", seed) ?? now % 1_000_000,
    kills: toNumber("--kills", kills) ?? size.kills,
    faults: toNumber("--faults", faults) ?? size.faults,
    eventsPerLook: size.eventsPerLook,
    tables: toTables(deduplicate),
  }
}

const options = {
  long: { type: "boolean", default: false },
  seed: { type: "string" },
  kills: { type: "string" },
  faults: { type: "string" },
  deduplicate: { type: "string" },
  help: { type: "boolean", default: false, short: "h" },
} satisfies ParseArgsConfig["options"]

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: args.filter(arg => arg !== "--"), options }).values
  } catch (error) {
    const [sentence = ""] = (error as Error).message.split(/\.\s/)
    throw new Error(`${sentence}. --help shows the flags.`)
  }
}

function toTables(text: string | undefined): boolean[] {
  const found = [true, false].filter(deduplicate => text === undefined || String(deduplicate) === text)
  if (found.length === 0) throw new Error(`--deduplicate must be true or false, not '${text}'.`)
  return found
}

function toNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`${flag} must be a whole number from 0 to 999999999, not '${text}'.`)
}
