import { describe, expect, test } from "vitest"
import { type ChaosOptions, runChaos } from "./chaos.ts"
import { type Claim, toClaims, toEarlyAckClaims } from "./report.ts"
import { died, dies, hangs, writeScript } from "./testing/script.ts"

const options: ChaosOptions = {
  seed: 1,
  deduplicate: true,
  kills: 0,
  faults: 0,
  eventsPerSample: { faults: 10, steady: 10 },
  earlyAck: false,
  maxIdleMs: 1_000,
}
const stalled = expect.stringMatching(/^no event was settled for 1000 ms/)

async function run(
  differences: Parameters<typeof writeScript>[0],
  least: { kills?: number; faults?: number },
) {
  const script = await writeScript(differences)
  const findings = await runChaos({ ...options, ...least, script }, () => {})
  return { findings, broken: toBroken(toClaims(options, findings)) }
}

function toBroken(claims: readonly Claim[]): string {
  return claims.flatMap(({ holds, sentence }) => (holds ? [] : [sentence])).join("\n")
}

describe("runs with a broken writer", { timeout: 60_000 }, () => {
  test("A run with a writer that acknowledges without storing reports lost events", async () => {
    const { findings, broken } = await run({}, { kills: 1 })
    expect([findings.kills, findings.violations]).toEqual([1, []])
    expect(broken).toMatch(/0 lost: .*; BROKEN for \d+/)
    expect(toEarlyAckClaims(findings, findings).map(({ holds }) => holds)).toEqual([false, true])
  })

  test("A run with a writer that exits during a memory request ends and reports it", async () => {
    const { findings, broken } = await run({ memory: dies }, {})
    expect(findings.violations).toEqual([died])
    expect(broken).toContain(died)
    expect(broken).toContain("memory is flat, buffers included: no samples")
  })

  test("A run with a writer that exits at its first event ends and reports it", async () => {
    const { findings, broken } = await run({ write: dies, writeBatch: dies }, { faults: 1 })
    expect([findings.kills, findings.acknowledged]).toEqual([0, 0])
    expect(findings.violations).toEqual(expect.arrayContaining([died, stalled]))
    expect(broken).toContain(died)
  })

  test("A run with a writer that never answers ends and reports it", async () => {
    const { findings, broken } = await run({ write: hangs, writeBatch: hangs, memory: hangs }, { faults: 1 })
    expect(findings.violations).toEqual([stalled])
    expect(broken).toContain("no event was settled")
  })
})
