import type { Run } from "../bench.ts"
import type { Clients } from "./clients.ts"

/** Runs a side once, checks that the server received all the bytes that the side reports, and returns their number. */
export async function checkArrival(
  run: Run,
  { countReceived }: Pick<Clients, "countReceived">,
): Promise<number> {
  const before = await countReceived()
  const sent = await run()
  const after = await countReceived()
  if (after.bytes - before.bytes !== sent)
    throw new Error("The server did not receive the bytes that were sent.")
  return sent
}
