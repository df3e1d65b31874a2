// @boundaries-ignore The model is part of core's tests, and core does not export it.
import { runModel } from "../../../packages/core/src/model/run.ts"
import type { Claim } from "./report.ts"

/** Runs the model of core: random commands against a simulated table, with every law checked after each step. */
export async function checkModel(seed: number, runs: number): Promise<Claim> {
  try {
    const { commands, seconds } = await runModel({ seed, runs })
    const count = commands.toLocaleString("en")
    return { holds: true, sentence: `model: seed ${seed}, ${count} commands in ${seconds.toFixed(1)} s` }
  } catch (error) {
    return { holds: false, sentence: `model: ${(error as Error).message}` }
  }
}
