import { parseArgs } from "node:util"
import { type ChaosOptions, runChaos } from "./chaos.ts"
import { toClaims, toLines } from "./report.ts"

const help = `pnpm chaos: events through writers that are killed, to a server that fails

  --long             200 writers killed and 2,000 requests hit, on each layout (some minutes)
  --seed <number>    the choices of an earlier run; when things happen is up to the machine
  --kills <number>   writers to kill (default 8; --long 200)
  --faults <number>  requests to hit (default 80; --long 2000)
  --layout <name>    keyed or segment (default both)
  --help             show this`

const { values } = parseArgs({
  options: {
    long: { type: "boolean", default: false },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    kills: { type: "string" },
    faults: { type: "string" },
    layout: { type: "string" },
    help: { type: "boolean", default: false },
  },
})

if (values.help) console.log(help)
else await run()

async function run(): Promise<void> {
  const seed = toNumber("--seed", values.seed)
  const size = values.long
    ? { kills: 200, faults: 2_000, eventsPerLook: 10_000 }
    : { kills: 8, faults: 80, eventsPerLook: 1_000 }
  if (values.kills !== undefined) size.kills = toNumber("--kills", values.kills)
  if (values.faults !== undefined) size.faults = toNumber("--faults", values.faults)
  const layouts = (["keyed", "segment"] as const).filter(layout => (values.layout ?? layout) === layout)
  if (layouts.length === 0) throw new Error("--layout is keyed or segment. --help shows the flags.")

  console.log(`seed ${seed}`)
  for (const layout of layouts) await check({ seed, layout, ...size, earlyAck: false })
  // The oracle must be able to say no: here is a writer that acknowledges too early.
  const liar = { seed, layout: "keyed", kills: 5, faults: 40, eventsPerLook: 200, earlyAck: true } as const
  const { lost } = await runChaos(liar, () => {})
  report(
    lost.length > 0,
    `a writer that acknowledges before the row is stored is found out: ${lost.length} events lost`,
  )
}

async function check(options: ChaosOptions): Promise<void> {
  const findings = await runChaos(options, line => console.log(line))
  const claims = toClaims(options, findings)
  for (const line of toLines(options, findings, claims)) console.log(line)
  if (claims.some(({ holds }) => !holds)) process.exitCode = 1
}

function report(holds: boolean, sentence: string): void {
  console.log(`${holds ? "ok   " : "WRONG"} ${sentence}`)
  if (!holds) process.exitCode = 1
}

function toNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${flag} is not a whole number. --help shows the flags.`)
  return Number(text)
}
