import { setTimeout } from "node:timers/promises"
import { isSinkError } from "@singlesink/core"

/** The waiting times before further attempts. A single lost connection costs none. */
const delaysMs = [0, 1_000, 2_000, 4_000, 8_000]

/**
 * Runs work again after a DeliveryError. A timeout is not repeated more than `timeouts` times, because each one takes long.
 *
 * @param work may run although an earlier attempt succeeded without an answer
 * @throws what the last attempt throws
 */
export async function retry<Result>(
  work: (attempt: number) => Promise<Result>,
  { timeouts = 1, sleep = setTimeout as (ms: number) => Promise<unknown> } = {},
): Promise<Result> {
  let timeoutsLeft = timeouts
  for (let attempt = 0; ; attempt++) {
    try {
      return await work(attempt)
    } catch (error) {
      const delayMs = delaysMs[attempt]
      if (!isSinkError(error) || error.name !== "DeliveryError" || delayMs === undefined) throw error
      if (error.code === "timeout" && timeoutsLeft-- === 0) throw error
      if (delayMs > 0) await sleep(delayMs)
    }
  }
}
