import { createRequire } from "node:module"
import type { SegmentEvent } from "@segment/actions-core"
import type { StartHost } from "@singlesink/conformance"
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
      const results = await new Destination(definition).onBatch(
        events as SegmentEvent[],
        {
          ...settings,
          port: port || portOfScheme,
          subscription: { partnerAction: "send", subscribe, mapping },
        } as never,
      )
      return results
        .flatMap(result => result.multistatus ?? [])
        .map(({ status }) => (status === 200 ? "stored" : status === 400 ? "rejected" : "failed"))
    },
  }
}
