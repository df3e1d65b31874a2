import { runChaos } from "./chaos.ts"
import { help, type Plan, toPlan } from "./options.ts"
import { type Claim, toClaims, toLiarClaims, toLine, toLines } from "./report.ts"

const plan = readPlan()
if (plan === "help") console.log(help)
else if (plan === undefined) process.exitCode = 1
else await run(plan)

function readPlan(): Plan | "help" | undefined {
  try {
    return toPlan(process.argv.slice(2))
  } catch (error) {
    // Made to be read as one sentence. Of what goes wrong later the stack is of use.
    console.error(`chaos: ${(error as Error).message}`)
    return undefined
  }
}

async function run({ tables, seed, ...size }: Plan): Promise<void> {
  console.log(`seed ${seed}`)
  for (const deduplicate of tables) {
    const options = { seed, deduplicate, ...size, earlyAck: false }
    const findings = await runChaos(options, line => console.log(line))
    const claims = toClaims(options, findings)
    for (const line of toLines(options, findings, claims)) console.log(line)
    judge(claims)
  }
  // The oracle must be able to say no, and only where there is a reason.
  const liar = { seed, deduplicate: true, eventsPerLook: { storm: 50, calm: 50 }, earlyAck: true } as const
  const spared = await runChaos({ ...liar, kills: 0, faults: 10 }, () => {})
  const killed = await runChaos({ ...liar, kills: 5, faults: 0 }, () => {})
  const claims = toLiarClaims(spared, killed)
  for (const claim of claims) console.log(toLine(claim))
  judge(claims)
}

function judge(claims: readonly Claim[]): void {
  if (claims.some(({ holds }) => !holds)) process.exitCode = 1
}
