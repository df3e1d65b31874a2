import { describe, expect, test } from "vitest"
import type { Findings } from "./chaos.ts"
import { toClaims, toLiarClaims, toLines } from "./report.ts"

const fine: Findings = {
  rows: 90,
  lost: [],
  doubled: [],
  extraRows: 0,
  changed: [],
  stray: [],
  misjudged: [],
  produced: 100,
  acknowledged: 90,
  rejected: 10,
  redelivered: 5,
  kills: 3,
  closes: 1,
  faults: new Map([["reset", 2]]),
  memoryBytes: [10e6, 15e6, 15.2e6, 15.1e6],
  complaints: [],
  milliseconds: 1_000,
}

/** The beginnings of what is wrong. */
function wrongOf(differences: Partial<Findings>, deduplicate: true | false = true): string[] {
  const claims = toClaims({ deduplicate }, { ...fine, ...differences })
  return claims.flatMap(({ holds, sentence }) => (holds ? [] : [sentence.slice(0, 14)]))
}

describe("a run", () => {
  test("in which all went well has no wrong claim", () => {
    expect(wrongOf({})).toEqual([])
  })

  test.each([
    ["lost events", { lost: [3] }, "0 lost: every "],
    ["doubled events", { doubled: [3], extraRows: 1 }, "0 doubled: eac"],
    ["complaints", { complaints: ["It hangs."] }, "counts add up,"],
    ["memory that grows after the first look", { memoryBytes: [10e6, 11e6, 13e6, 15e6] }, "memory is flat"],
    ["a look at the memory that is missing", { memoryBytes: [10e6, 10e6, 10e6] }, "memory is flat"],
  ])("with %s is wrong", (_, differences, claim) => {
    expect(wrongOf(differences)).toEqual([claim])
  })

  test("on a table without a key tells the doubled rows as a price", () => {
    const findings = { ...fine, doubled: [3], extraRows: 9 }
    expect(wrongOf(findings, false)).toEqual([])
    expect(toLines({ deduplicate: false }, findings, []).at(-1)).toContain(
      "9 rows too many, of 1 events (10.00 %",
    )
  })
})

describe("the writer that lies proves the oracle", () => {
  const killed = { ...fine, lost: [1, 2] }
  const holds = (spared: Findings, found: Findings) => toLiarClaims(spared, found).map(claim => claim.holds)

  test("when it loses nothing while it is spared, and something when it is killed", () => {
    expect(holds(fine, killed)).toEqual([true, true])
  })

  test("and else nothing", () => {
    expect(holds(killed, killed)).toEqual([false, true])
    expect(holds({ ...fine, complaints: ["It hangs."] }, killed)).toEqual([false, true])
    expect(holds({ ...fine, acknowledged: 0 }, killed)).toEqual([false, true])
    expect(holds(fine, fine)).toEqual([true, false])
    expect(holds(fine, { ...killed, kills: 0 })).toEqual([true, false])
  })
})
