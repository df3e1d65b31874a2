import { createCloningFetch, loadInBareContext } from "@singlesink/conformance/bare-context"
import type { FixtureEvent } from "@singlesink/fixtures"
import type { JitsuContext, JitsuDestination } from "@singlesink/jitsu"
import type { Send } from "./hosts.ts"

/** Events that Jitsu works on at once by default (CONCURRENCY of its rotor). */
const concurrency = 10

/** As Jitsu does it: the function in a context of its own, called once per event, settings as environment. */
export function createJitsuHost(bundle: string): Send {
  return async (events, { url, username, password, database, table }) => {
    const { default: destination } = await loadInBareContext<{ default: JitsuDestination }>(bundle)
    const ctx = {
      props: { url, username, password, database, table },
      log: { error: () => {} },
      fetch: createCloningFetch(async (url, options) => {
        const response = await fetch(url, options)
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          text: await response.text(),
        }
      }),
    } as unknown as JitsuContext

    const counts = { stored: 0, refused: 0, failed: 0 }
    const waiting = events.values()
    await Promise.all(Array.from({ length: concurrency }, () => work(waiting)))
    return counts

    async function work(waiting: Iterable<FixtureEvent>): Promise<void> {
      for (const event of waiting) counts[await verdictOf(destination(event, ctx))]++
    }
  }
}

async function verdictOf(call: Promise<undefined>): Promise<"stored" | "refused" | "failed"> {
  return call.then(
    () => "stored",
    (error: Error) => (error.name === "NoRetryError" ? "refused" : "failed"),
  )
}
