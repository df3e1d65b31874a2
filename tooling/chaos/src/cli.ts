import { runChaos } from "./chaos.ts"
import { checkModel } from "./model.ts"
import { help, type Plan, toPlan } from "./options.ts"
import { runReceiverChaos } from "./receiver/run.ts"
import {
  type Claim,
  toClaims,
  toEarlyAckClaims,
  toLine,
  toLines,
  toReceiverClaims,
  toReceiverLines,
} from "./report.ts"

const plan = readPlan()
if (plan === "help") console.log(help)
else if (plan === undefined) process.exitCode = 1
else await run(plan)

function readPlan(): Plan | "help" | undefined {
  try {
    return toPlan(process.argv.slice(2))
  } catch (error) {
    // A wrong option needs one sentence. Later errors keep their stack.
    console.error(`chaos: ${(error as Error).message}`)
    return undefined
  }
}

async function run({ tables, seed, modelRuns, receiverKills, ...size }: Plan): Promise<void> {
  console.log(`seed ${seed}`)
  report([await checkModel(seed, modelRuns)])
  for (const deduplicate of tables) {
    const options = { seed, deduplicate, ...size, earlyAck: false }
    const findings = await runChaos(options, line => console.log(line))
    const claims = toClaims(options, findings)
    for (const line of toLines(options, findings, claims)) console.log(line)
    check(claims)
  }
  const findings = await runReceiverChaos({ seed, kills: receiverKills })
  const claims = toReceiverClaims(findings)
  for (const line of toReceiverLines(findings, claims)) console.log(line)
  check(claims)
  // This writer has a known bug, which proves that the oracle detects lost events.
  const early = {
    seed,
    deduplicate: true,
    eventsPerSample: { faults: 50, steady: 50 },
    earlyAck: true,
  } as const
  const spared = await runChaos({ ...early, kills: 0, faults: 10 }, () => {})
  const killed = await runChaos({ ...early, kills: 5, faults: 0 }, () => {})
  report(toEarlyAckClaims(spared, killed))
}

function report(claims: readonly Claim[]): void {
  for (const claim of claims) console.log(toLine(claim))
  check(claims)
}

function check(claims: readonly Claim[]): void {
  if (claims.some(({ holds }) => !holds)) process.exitCode = 1
}
