import { expect, test } from "vitest"
import type { Run, Workload } from "./bench.ts"
import { compare, median, medianRatio } from "./measure.ts"

test.each([
  [[3], 3],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[10, 9, 100], 10],
])("The median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected)
})

test("medianRatio is the median of the ratios of each round, so one slow round has no effect", () => {
  expect(medianRatio([2, 4, 300], [1, 2, 100])).toBe(2)
})

const settings = { rounds: 7, sampleMs: 1, divideStreamsBy: 1 }

/** A machine on which time passes only by `spend`. */
function createMachine() {
  let now = 0
  const runs: string[] = []
  return {
    runs,
    stopwatch: { cpu: () => now, wall: () => now * 3, clear: () => runs.push("clear"), clearAll: () => {} },
    spend(name: string, microseconds: number): () => number {
      return () => {
        runs.push(name)
        now += microseconds
        return 500
      }
    },
  }
}

function createWorkload(sides: { floor: Run; original?: Run; ours: Run }): Workload {
  return { name: "a workload", events: 10, sides }
}

test("Times are per event, and a ratio is our time divided by the time of the other side", async () => {
  const { stopwatch, spend } = createMachine()
  const workload = createWorkload({
    floor: spend("floor", 10),
    original: spend("original", 40),
    ours: spend("ours", 20),
  })
  expect(await compare(workload, settings, stopwatch)).toEqual({
    workload,
    floor: { microseconds: 1, bytesPerEvent: 50 },
    original: { microseconds: 4, bytesPerEvent: 50 },
    ours: { microseconds: 2, bytesPerEvent: 50 },
    ratio: { floor: 2, original: 0.5 },
  })
})

test("A workload can be measured in wall time", async () => {
  const { stopwatch, spend } = createMachine()
  const sides = { floor: spend("floor", 10), ours: spend("ours", 20) }
  const { floor, ours } = await compare({ ...createWorkload(sides), clock: "wall" }, settings, stopwatch)
  expect([floor.microseconds, ours.microseconds]).toEqual([3, 6])
})

test("A workload without an original has no ratio to it, and a side can be asynchronous", async () => {
  const { stopwatch, spend } = createMachine()
  const ours = spend("ours", 30)
  const workload = createWorkload({ floor: spend("floor", 10), ours: async () => ours() })
  const { ratio, ...comparison } = await compare(workload, settings, stopwatch)
  expect(ratio).toEqual({ floor: 3 })
  expect(comparison).not.toHaveProperty("original")
})

test("The sides take turns, each side begins equally many rounds, and garbage is collected before each sample", async () => {
  const { runs, stopwatch, spend } = createMachine()
  const workload = createWorkload({
    floor: spend("f", 2_000),
    original: spend("p", 2_000),
    ours: spend("o", 2_000),
  })
  await compare(workload, { ...settings, rounds: 3 }, stopwatch)
  const rounds = runs.slice(-18).join(" ")
  expect(rounds).toBe("clear f clear p clear o clear p clear o clear f clear o clear f clear p")
})

test("Nothing is measured if the check fails", async () => {
  const { runs, stopwatch, spend } = createMachine()
  const workload = {
    ...createWorkload({ floor: spend("floor", 1), ours: spend("ours", 1) }),
    check: () => Promise.reject(new Error("Not the same.")),
  }
  await expect(compare(workload, settings, stopwatch)).rejects.toThrow("Not the same.")
  expect(runs).toEqual([])
})
