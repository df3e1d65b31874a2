import { expect, test } from "vitest"
import { samples } from "./chaos.ts"
import { toPlan } from "./options.ts"
import { maxGrowthBytes } from "./report.ts"

const short = {
  kills: 8,
  faults: 80,
  modelRuns: 3_000,
  receiverKills: 6,
  hostileRequests: 5_000,
  eventsPerSample: { faults: 200, steady: 1_500 },
  tables: [true, false],
  parts: ["model", "writers", "receivers", "hostile"],
}

test.each([
  [[], { ...short, seed: 345_678 }],
  [
    ["--", "--seed", "7", "--kills", "0", "--deduplicate", "false"],
    { ...short, seed: 7, kills: 0, tables: [false] },
  ],
  [
    ["--only", "hostile", "--hostile", "9"],
    { ...short, seed: 345_678, hostileRequests: 9, parts: ["hostile"] },
  ],
  [
    ["--long", "--faults", "5"],
    {
      kills: 200,
      faults: 5,
      modelRuns: 100_000,
      receiverKills: 100,
      hostileRequests: 1_000_000,
      eventsPerSample: { faults: 5_000, steady: 10_000 },
      seed: 345_678,
      tables: short.tables,
      parts: short.parts,
    },
  ],
])("The arguments %j become the plan %j", (args, plan) => {
  expect(toPlan(args, 12_345_678)).toEqual(plan)
})

test.each([
  [["--seed", "x"], "--seed must be an integer from 0 to 999999999, not 'x'."],
  [["--kills", "1.5"], "--kills must be an integer from 0 to 999999999, not '1.5'."],
  [["--faults", ""], "--faults must be an integer from 0 to 999999999, not ''."],
  [["--deduplicate", "x"], "--deduplicate must be true or false, not 'x'."],
  [["--only", "all"], "--only must be one of model, writers, receivers, hostile, not 'all'."],
  [["--bogus"], "Unknown option '--bogus'. See --help."],
  [["--seed"], "Option '--seed <value>' argument missing. See --help."],
  [["word"], "Unexpected argument 'word'. See --help."],
])("The arguments %j are rejected with the sentence %j", (args, sentence) => {
  expect(() => toPlan(args)).toThrow(new Error(sentence))
})

test("A leak of 4 KB per event exceeds twice the allowed growth in the short run", () => {
  const leaked = (samples - 2) * short.eventsPerSample.steady * 4_000
  expect(leaked).toBeGreaterThan(2 * maxGrowthBytes)
})
