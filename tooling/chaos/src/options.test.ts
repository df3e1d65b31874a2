import { expect, test } from "vitest"
import { looks } from "./chaos.ts"
import { toPlan } from "./options.ts"
import { maxGrowthBytes } from "./report.ts"

const short = {
  kills: 8,
  faults: 80,
  eventsPerLook: { storm: 200, calm: 1_500 },
  tables: [true, false],
}

test.each([
  [[], { ...short, seed: 345_678 }],
  [
    ["--", "--seed", "7", "--kills", "0", "--deduplicate", "false"],
    { ...short, seed: 7, kills: 0, tables: [false] },
  ],
  [
    ["--long", "--faults", "5"],
    {
      kills: 200,
      faults: 5,
      eventsPerLook: { storm: 5_000, calm: 10_000 },
      seed: 345_678,
      tables: short.tables,
    },
  ],
])("%j asks for %j", (args, plan) => {
  expect(toPlan(args, 12_345_678)).toEqual(plan)
})

test.each([
  [["--seed", "x"], "--seed must be a whole number from 0 to 999999999, not 'x'."],
  [["--kills", "1.5"], "--kills must be a whole number from 0 to 999999999, not '1.5'."],
  [["--faults", ""], "--faults must be a whole number from 0 to 999999999, not ''."],
  [["--deduplicate", "x"], "--deduplicate must be true or false, not 'x'."],
  [["--bogus"], "Unknown option '--bogus'. --help shows the flags."],
  [["--seed"], "Option '--seed <value>' argument missing. --help shows the flags."],
  [["word"], "Unexpected argument 'word'. --help shows the flags."],
])("%j is one sentence", (args, sentence) => {
  expect(() => toPlan(args)).toThrow(new Error(sentence))
})

test("a leak of 4 KB per event shows in the short run, twice over", () => {
  const leaked = (looks - 2) * short.eventsPerLook.calm * 4_000
  expect(leaked).toBeGreaterThan(2 * maxGrowthBytes)
})
