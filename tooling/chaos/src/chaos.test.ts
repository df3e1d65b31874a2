import { describe, expect, test } from "vitest"
import { type ChaosOptions, runChaos } from "./chaos.ts"
import { type Claim, toClaims, toLiarClaims } from "./report.ts"
import { died, dies, hangs, writeScript } from "./testing/script.ts"

const options: ChaosOptions = {
  seed: 1,
  deduplicate: true,
  kills: 0,
  faults: 0,
  eventsPerLook: { storm: 10, calm: 10 },
  earlyAck: false,
  maxSilenceMs: 1_000,
}
const silence = expect.stringMatching(/^for 1000 ms nothing came to an end/)

async function run(
  differences: Parameters<typeof writeScript>[0],
  least: { kills?: number; faults?: number },
) {
  const script = await writeScript(differences)
  const findings = await runChaos({ ...options, ...least, script }, () => {})
  return { findings, wrong: toWrong(toClaims(options, findings)) }
}

function toWrong(claims: readonly Claim[]): string {
  return claims.flatMap(({ holds, sentence }) => (holds ? [] : [sentence])).join("\n")
}

describe("a run ends, and says what is wrong, with a writer", { timeout: 60_000 }, () => {
  test("that stores nothing and calls it stored", async () => {
    const { findings, wrong } = await run({}, { kills: 1 })
    expect([findings.kills, findings.complaints]).toEqual([1, []])
    expect(wrong).toMatch(/0 lost: .*; NOT SO for \d+/)
    expect(toLiarClaims(findings, findings).map(({ holds }) => holds)).toEqual([false, true])
  })

  test("that dies at a look at its memory", async () => {
    const { findings, wrong } = await run({ memory: dies }, {})
    expect(findings.complaints).toEqual([died])
    expect(wrong).toContain(died)
    expect(wrong).toContain("memory is flat, buffers included: never seen")
  })

  test("that dies as soon as it has something to do", async () => {
    const { findings, wrong } = await run({ write: dies, deliver: dies }, { kills: 1, faults: 1 })
    expect([findings.kills, findings.acknowledged]).toEqual([0, 0])
    expect(findings.complaints).toEqual(expect.arrayContaining([died, silence]))
    expect(wrong).toContain(died)
  })

  test("that never does anything", async () => {
    const { findings, wrong } = await run({ write: hangs, deliver: hangs, memory: hangs }, { faults: 1 })
    expect(findings.complaints).toEqual([silence])
    expect(wrong).toContain("nothing came to an end")
  })
})
