import { runChaos } from "./chaos.ts"
import { runHostile } from "./hostile/run.ts"
import { checkModel } from "./model.ts"
import { help, type Part, type Plan, toPlan } from "./options.ts"
import { runReceiverChaos } from "./receiver/run.ts"
import {
  type Claim,
  toClaims,
  toEarlyAckClaims,
  toHostileClaims,
  toHostileLines,
  toLine,
  toLines,
  toReceiverClaims,
  toReceiverLines,
} from "./report.ts"

function readPlan(): Plan | "help" | undefined {
  try {
    return toPlan(process.argv.slice(2))
  } catch (error) {
    // A wrong option needs one sentence. Later errors keep their stack.
    console.error(`chaos: ${(error as Error).message}`)
    return undefined
  }
}

async function run(plan: Plan): Promise<void> {
  console.log(`seed ${plan.seed}`)
  for (const part of plan.parts) await runners[part](plan)
}

const runners: Readonly<Record<Part, (plan: Plan) => Promise<void>>> = {
  model: async ({ seed, modelRuns }) => report([await checkModel(seed, modelRuns)]),
  async writers({ seed, tables, kills, faults, eventsPerSample }) {
    for (const deduplicate of tables) {
      const options = { seed, deduplicate, kills, faults, eventsPerSample, earlyAck: false }
      const findings = await runChaos(options, line => console.log(line))
      const claims = toClaims(options, findings)
      print(toLines(options, findings, claims), claims)
    }
    await runEarlyAck(seed)
  },
  async receivers({ seed, receiverKills }) {
    const findings = await runReceiverChaos({ seed, kills: receiverKills })
    const claims = toReceiverClaims(findings)
    print(toReceiverLines(findings, claims), claims)
  },
  async hostile({ seed, hostileRequests }) {
    const findings = await runHostile(seed, hostileRequests)
    const claims = toHostileClaims(findings)
    print(toHostileLines(findings, claims), claims)
  },
}

/** This writer has a known bug, which proves that the oracle detects lost events. */
async function runEarlyAck(seed: number): Promise<void> {
  const eventsPerSample = { faults: 50, steady: 50 }
  const early = { seed, deduplicate: true, eventsPerSample, earlyAck: true }
  const spared = await runChaos({ ...early, kills: 0, faults: 10 }, () => {})
  const killed = await runChaos({ ...early, kills: 5, faults: 0 }, () => {})
  report(toEarlyAckClaims(spared, killed))
}

function print(lines: readonly string[], claims: readonly Claim[]): void {
  for (const line of lines) console.log(line)
  check(claims)
}

function report(claims: readonly Claim[]): void {
  for (const claim of claims) console.log(toLine(claim))
  check(claims)
}

function check(claims: readonly Claim[]): void {
  if (claims.some(({ holds }) => !holds)) process.exitCode = 1
}

const plan = readPlan()
if (plan === "help") console.log(help)
else if (plan === undefined) process.exitCode = 1
else await run(plan)
