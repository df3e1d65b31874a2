import type { Run } from "../bench.ts"
import type { Stage } from "./stage.ts"

/**
 * Runs a side once and asks the server whether all bytes that it says it sent have come: one that sent less would win
 * unfairly.
 */
export async function checkArrival(
  run: Run,
  { countReceived }: Pick<Stage, "countReceived">,
): Promise<number> {
  const before = await countReceived()
  const sent = await run()
  const after = await countReceived()
  if (after.bytes - before.bytes !== sent) throw new Error("The server has not got the bytes that were sent.")
  return sent
}
