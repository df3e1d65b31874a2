import { describe, expect, test } from "vitest"
import type { Findings } from "./chaos.ts"
import type { HostileFindings } from "./hostile/run.ts"
import type { ReceiverFindings } from "./receiver/run.ts"
import { toClaims, toEarlyAckClaims, toHostileClaims, toLines, toReceiverClaims } from "./report.ts"

const fine: Findings = {
  rows: 90,
  lost: [],
  doubled: [],
  extraRows: 0,
  changed: [],
  unexpected: [],
  misjudged: [],
  produced: 100,
  acknowledged: 90,
  rejected: 10,
  redelivered: 5,
  kills: 3,
  closes: 1,
  faults: new Map([["reset", 2]]),
  memoryBytes: [10e6, 15e6, 15.2e6, 15.1e6],
  violations: [],
  milliseconds: 1_000,
}

/** Returns the first words of each broken claim. */
function brokenOf(differences: Partial<Findings>, deduplicate: boolean = true): string[] {
  const claims = toClaims({ deduplicate }, { ...fine, ...differences })
  return claims.flatMap(({ holds, sentence }) => (holds ? [] : [sentence.slice(0, 14)]))
}

describe("the report of a run", () => {
  test("A run without problems has no broken claim", () => {
    expect(brokenOf({})).toEqual([])
  })

  test.each([
    ["lost events", { lost: [3] }, "0 lost: every "],
    ["doubled events", { doubled: [3], extraRows: 1 }, "0 doubled: eac"],
    ["violations", { violations: ["It hangs."] }, "counts add up,"],
    ["memory that grows after the first sample", { memoryBytes: [10e6, 11e6, 13e6, 15e6] }, "memory is flat"],
    ["a missing sample of the memory", { memoryBytes: [10e6, 10e6, 10e6] }, "memory is flat"],
  ])("A run with %s has a broken claim", (_, differences, claim) => {
    expect(brokenOf(differences)).toEqual([claim])
  })

  test("A run without a key reports duplicate rows as a cost", () => {
    const findings = { ...fine, doubled: [3], extraRows: 9 }
    expect(brokenOf(findings, false)).toEqual([])
    expect(toLines({ deduplicate: false }, findings, []).at(-1)).toContain(
      "9 duplicate rows of 1 events (10.00 %",
    )
  })
})

describe("the report of the early-ack writer", () => {
  const killed = { ...fine, lost: [1, 2] }
  const holds = (spared: Findings, found: Findings) =>
    toEarlyAckClaims(spared, found).map(claim => claim.holds)

  test("The oracle is proven if events are lost only with kills", () => {
    expect(holds(fine, killed)).toEqual([true, true])
  })

  test("The oracle is not proven by any other result", () => {
    expect(holds(killed, killed)).toEqual([false, true])
    expect(holds({ ...fine, violations: ["It hangs."] }, killed)).toEqual([false, true])
    expect(holds({ ...fine, acknowledged: 0 }, killed)).toEqual([false, true])
    expect(holds(fine, fine)).toEqual([true, false])
    expect(holds(fine, { ...killed, kills: 0 })).toEqual([true, false])
  })
})

describe("the report of killed receivers", () => {
  const fineReceivers: ReceiverFindings = {
    produced: 100,
    redelivered: 5,
    kills: 6,
    faults: 20,
    lost: [],
    doubled: [],
    unexpected: [],
    violations: [],
    milliseconds: 1_000,
  }

  test.each([
    [{}, []],
    [{ lost: [7] }, [0]],
    [{ doubled: [7] }, [1]],
    [{ unexpected: [7] }, [2]],
    [{ violations: ["a receiver did not exit"] }, [3]],
    [{ kills: 0 }, [3]],
  ])("A run of receivers with %j breaks the claims %j", (differences, broken) => {
    const claims = toReceiverClaims({ ...fineReceivers, ...differences })
    expect(claims.flatMap(({ holds }, index) => (holds ? [] : [index]))).toEqual(broken)
  })
})

describe("the report of hostile requests", () => {
  const fineAttack: HostileFindings = {
    requests: 100,
    open: new Map(),
    longestMs: 10,
    good: { sent: 9, stored: 9, refused: [], longestMs: 5 },
    isUp: true,
    memoryBytes: [20e6, 25e6],
    hasClosed: true,
    milliseconds: 1_000,
  }

  test.each<[Partial<HostileFindings>, number[]]>([
    [{}, []],
    [{ open: new Map([["random bytes", 1]]) }, [0]],
    [{ good: { sent: 9, stored: 8, refused: [], longestMs: 5 } }, [1]],
    [{ good: { sent: 9, stored: 9, refused: ["503"], longestMs: 5 } }, [1]],
    [{ isUp: false }, [2]],
    [{ hasClosed: false }, [2]],
    [{ memoryBytes: [20e6, 60e6] }, [3]],
  ])("An attack with %j breaks the claims %j", (differences, broken) => {
    const claims = toHostileClaims({ ...fineAttack, ...differences })
    expect(claims.flatMap(({ holds }, index) => (holds ? [] : [index]))).toEqual(broken)
  })
})
