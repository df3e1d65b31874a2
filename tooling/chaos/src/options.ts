import { type ParseArgsConfig, parseArgs } from "node:util"
import type { ChaosOptions } from "./chaos.ts"

export const help = `pnpm chaos: run the model of core, then kill writers and receivers while the server fails

  --long             100,000 sequences of the model, for each kind of table 200 kills and 2,000 faults, 100 kills of
                     receivers, and 1,000,000 hostile requests (about half an hour)
  --seed <number>    repeat the random choices of an earlier run (timing still varies)
  --kills <number>   writers to kill (default 8, --long 200); 0 closes each writer instead
  --faults <number>  requests to disturb (default 80, --long 2000)
  --deduplicate <b>  true: only a table with a key; false: only a table without one (default both)
  --hostile <number> hostile requests to a receiver (default 5000, --long 1000000)
  --only <part>      model, writers, receivers or hostile (default all)
  --help             show this help`

const parts = ["model", "writers", "receivers", "hostile"] as const
export type Part = (typeof parts)[number]

/** The runs that the command line describes. */
export interface Plan extends Pick<ChaosOptions, "seed" | "kills" | "faults" | "eventsPerSample"> {
  /** How many times a receiver is killed. */
  receiverKills: number
  /** How many hostile requests a receiver gets. */
  hostileRequests: number
  /** How many sequences of commands the model runs. */
  modelRuns: number
  /** For each run, whether its table has a key. */
  tables: boolean[]
  /** What runs. */
  parts: readonly Part[]
}

/** @throws Error with one sentence for the user */
export function toPlan(args: readonly string[], now: number = Date.now()): Plan | "help" {
  const { help, long, seed, kills, faults, deduplicate, hostile, only } = parse(args)
  if (help) return "help"
  const size = long
    ? {
        modelRuns: 100_000,
        receiverKills: 100,
        hostileRequests: 1_000_000,
        kills: 200,
        faults: 2_000,
        eventsPerSample: { faults: 5_000, steady: 10_000 },
      }
    : {
        modelRuns: 3_000,
        receiverKills: 6,
        hostileRequests: 5_000,
        kills: 8,
        faults: 80,
        eventsPerSample: { faults: 200, steady: 1_500 },
      }
  return {
    seed: toNumber("--seed", seed) ?? now % 1_000_000,
    kills: toNumber("--kills", kills) ?? size.kills,
    faults: toNumber("--faults", faults) ?? size.faults,
    eventsPerSample: size.eventsPerSample,
    modelRuns: size.modelRuns,
    receiverKills: size.receiverKills,
    hostileRequests: toNumber("--hostile", hostile) ?? size.hostileRequests,
    tables: toTables(deduplicate),
    parts: toParts(only),
  }
}

const options = {
  long: { type: "boolean", default: false },
  seed: { type: "string" },
  kills: { type: "string" },
  faults: { type: "string" },
  deduplicate: { type: "string" },
  hostile: { type: "string" },
  only: { type: "string" },
  help: { type: "boolean", default: false, short: "h" },
} satisfies ParseArgsConfig["options"]

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: args.filter(arg => arg !== "--"), options }).values
  } catch (error) {
    const [sentence = ""] = (error as Error).message.split(/\.\s/)
    throw new Error(`${sentence}. See --help.`)
  }
}

function toTables(text: string | undefined): boolean[] {
  const found = [true, false].filter(deduplicate => text === undefined || String(deduplicate) === text)
  if (found.length === 0) throw new Error(`--deduplicate must be true or false, not '${text}'.`)
  return found
}

function toParts(text: string | undefined): readonly Part[] {
  const found = parts.filter(part => text === undefined || part === text)
  if (found.length === 0) throw new Error(`--only must be one of ${parts.join(", ")}, not '${text}'.`)
  return found
}

function toNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`${flag} must be an integer from 0 to 999999999, not '${text}'.`)
}
