import type { Outcome, StartHost } from "@singlesink/conformance"
import { createCloningFetch, loadInBareContext } from "@singlesink/conformance/bare-context"
import type { JitsuContext, JitsuDestination } from "@singlesink/jitsu"

type JitsuEvent = Parameters<JitsuDestination>[0]

/** The number of events that Jitsu handles concurrently by default (CONCURRENCY of its rotor). */
const concurrency = 10

/** Runs the function as Jitsu does: in its own context, once per event, with the settings as environment. */
export function createJitsuHost(bundle: string): StartHost {
  return async ({ url, username, password, database, table }) => {
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

    return {
      async deliver(events) {
        const outcomes = events.map((): Outcome => "failed")
        const waiting = events.entries()
        await Promise.all(Array.from({ length: concurrency }, () => work(waiting)))
        return outcomes

        async function work(waiting: Iterable<[number, object]>): Promise<void> {
          for (const [index, event] of waiting)
            outcomes[index] = await outcomeOf(destination(event as JitsuEvent, ctx))
        }
      },
    }
  }
}

async function outcomeOf(call: Promise<undefined>): Promise<Outcome> {
  return call.then(
    () => "stored",
    (error: Error) => (error.name === "NoRetryError" ? "rejected" : "failed"),
  )
}
