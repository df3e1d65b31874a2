import { createRequire } from "node:module"
import type { SegmentEvent } from "@segment/actions-core"
import type { Outcome, StartHost } from "@singlesink/conformance"
import { createDestination } from "@singlesink/segment"

// Its ES module does not load in Node.
const { Destination }: typeof import("@segment/actions-core") = createRequire(import.meta.url)(
  "@segment/actions-core",
)

/** Delivers as Segment does: one batch, through the default trigger and the default mapping. */
export const startSegmentHost: StartHost = ({ url, username, password, database, table }) => {
  const { protocol, hostname: host, port } = new URL(url)
  const definition = createDestination({ protocol: protocol === "http:" ? "http" : "https" })
  const { defaultSubscription: subscribe, fields = {} } = definition.actions.send ?? {}
  const mapping = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field?.default]))
  const settings = { host, username, password, dbName: database, tableName: table }
  // A URL omits the default port of its scheme.
  const portOfScheme = protocol === "http:" ? "80" : "443"
  return {
    async deliver(events) {
      try {
        const results = await new Destination(definition).onBatch(
          events as SegmentEvent[],
          {
            ...settings,
            port: port || portOfScheme,
            subscription: { partnerAction: "send", subscribe, mapping },
          } as never,
        )
        return results.flatMap(result => result.multistatus ?? []).map(({ status }) => toOutcome(status))
      } catch (error) {
        // All events have failed in the same way.
        const { status } = error as { status?: number }
        if (status === undefined) throw error
        return events.map(() => toOutcome(status))
      }
    },
  }
}

/** Segment retries 429 and server errors, and drops the event for any other error. */
function toOutcome(status: number): Outcome {
  if (status === 200) return "stored"
  return status === 429 || status >= 500 ? "failed" : "rejected"
}
