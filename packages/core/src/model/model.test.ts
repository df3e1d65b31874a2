import { test } from "vitest"
import { runModel } from "./run.ts"

const seed = Number(process.env.SINGLESINK_SEED ?? 20_261_126)

test("The sink keeps its promises in any sequence of writes, answers, faults and aborts", async () => {
  await runModel({ seed, runs: 3_000 })
}, 120_000)
